using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class SessionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Sessions_are_listed_newest_first_with_where_they_come_from()
    {
        var member = await host.RegisterAsync();
        var old = await host.LogInAsync(member);
        using var phone = host.Anonymous();
        phone.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        phone.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.7");
        using var response = await phone.PostAsJsonAsync("/api/auth/token", new { email = member.Email, password = member.Password });
        var current = await IdentityHost.ReadLoginAsync(response);
        using var client = host.As(current);

        var sessions = await (await client.GetAsync("/api/auth/sessions")).ReadItemsAsync();

        Assert.Equal([current.SessionId, old.SessionId], sessions.Select(session => Guid.Parse((string)session["id"]!)));
        Assert.Equal("Phone/1.0", (string?)sessions[0]["user_agent"]);
        Assert.Equal("203.0.113.7", (string?)sessions[0]["ip"]);
        Assert.True((bool)sessions[0]["current"]!);
        Assert.False((bool)sessions[1]["current"]!);
        Assert.Equal("127.0.0.1", (string?)sessions[1]["ip"]);
    }

    [Theory]
    [InlineData(499, 499)]
    [InlineData(498, 500)]
    public async Task A_long_user_agent_is_cut_between_characters(int letters, int kept)
    {
        var member = await host.RegisterAsync();
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var phone = new HttpClient(handler) { BaseAddress = host.Address };
        phone.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('x', letters) + "🔑🔑");

        using var response = await phone.PostAsJsonAsync("/api/auth/token", new { email = member.Email, password = member.Password });

        using var client = host.As(await IdentityHost.ReadLoginAsync(response));
        var session = Assert.Single(await (await client.GetAsync("/api/auth/sessions")).ReadItemsAsync());
        Assert.Equal((new string('x', letters) + "🔑")[..kept], (string?)session["user_agent"]);
    }

    [Fact]
    public async Task The_list_is_paged()
    {
        var member = await host.RegisterAsync();
        var logins = new List<Login>();
        for (var i = 0; i < 3; i++)
        {
            logins.Add(await host.LogInAsync(member));
        }

        using var client = host.As(logins[0]);

        var first = await client.GetObjectAsync("/api/auth/sessions?limit=2");
        var second = await client.GetObjectAsync($"/api/auth/sessions?limit=2&cursor={(string?)first["next_cursor"]}");

        Assert.Equal(2, first["items"]!.AsArray().Count);
        Assert.Equal(logins[0].SessionId, Guid.Parse((string)Assert.Single(second["items"]!.AsArray())!["id"]!));
        Assert.Null(second["next_cursor"]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task A_bad_page_is_refused(string query, string member)
    {
        var (_, client) = await host.SomebodyAsync();

        using var response = await client.GetAsync($"/api/auth/sessions?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task A_revoked_session_is_refused_at_once_and_told_to_the_others()
    {
        var member = await host.RegisterAsync();
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "session-revoked.v1");
        var lost = await host.LogInAsync(member);
        using var client = host.As(await host.LogInAsync(member));

        using var revoked = await client.DeleteAsync($"/api/auth/sessions/{lost.SessionId}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var thief = host.As(lost);
        await (await thief.GetAsync("/api/users/me")).IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        var published = Assert.Single(await events.AboutAsync(member.Id));
        Assert.Equal(lost.SessionId, (Guid?)published["message"]!["sessionId"]);
        Assert.Contains(lost.SessionId, await RevokedAsync());
        using var again = await client.DeleteAsync($"/api/auth/sessions/{lost.SessionId}");
        await again.IsProblemAsync(HttpStatusCode.NotFound, "session_not_found");
    }

    [Fact]
    public async Task A_session_that_expires_unused_is_told_to_the_others_too()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var before = new IdentityHost(environment);
        await before.InitializeAsync();
        var member = await before.RegisterAsync();
        var (unused, events) = (await before.LogInAsync(member), await PublishedEvents.ListenAsync(environment.Broker, "session-revoked.v1"));
        await using var after = new IdentityHost(environment);
        after.Clock.Advance(TimeSpan.FromDays(31));

        await after.InitializeAsync();

        var published = Assert.Single(await events.AboutAsync(member.Id));
        Assert.Equal(unused.SessionId, (Guid?)published["message"]!["sessionId"]);
    }

    [Fact]
    public async Task Somebody_elses_session_does_not_exist()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        var (_, client) = await host.SomebodyAsync();

        using var response = await client.DeleteAsync($"/api/auth/sessions/{login.SessionId}");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "session_not_found");
        await host.RefreshAsync(login);
    }

    [Fact]
    public async Task All_other_sessions_are_revoked_and_the_current_one_is_not()
    {
        var member = await host.RegisterAsync();
        var other = await host.LogInAsync(member);
        var current = await host.LogInAsync(member);
        using var client = host.As(current);

        using var response = await client.DeleteAsync("/api/auth/sessions");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var refused = await host.TryRefreshAsync(other.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await host.RefreshAsync(current);
    }

    [Fact]
    public async Task A_logout_revokes_the_tokens_session()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        using var client = host.As(login);

        using var response = await client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = login.RefreshToken });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/users/me")).StatusCode);
    }

    [Fact]
    public async Task Services_can_ask_for_what_was_revoked_since()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        using var client = host.As(login);
        using var response = await client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = login.RefreshToken });
        var now = host.Clock.GetUtcNow().UtcDateTime;

        Assert.Contains(login.SessionId, await RevokedAsync($"?since={now.AddMinutes(-1):O}"));
        Assert.DoesNotContain(login.SessionId, await RevokedAsync($"?since={now.AddMinutes(1):O}"));
    }

    [Fact]
    public async Task A_logout_with_an_unknown_or_foreign_token_does_nothing()
    {
        var foreign = await host.LogInAsync(await host.RegisterAsync());
        var (_, client) = await host.SomebodyAsync();

        using var first = await client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = foreign.RefreshToken });
        using var second = await client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = new string('x', 5_000) });

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);
        await host.RefreshAsync(foreign);
    }

    [Theory]
    [InlineData("GET", "/api/auth/sessions")]
    [InlineData("DELETE", "/api/auth/sessions")]
    [InlineData("POST", "/api/auth/logout")]
    [InlineData("POST", "/api/auth/password/change")]
    [InlineData("POST", "/api/auth/email/send-code")]
    [InlineData("POST", "/api/auth/email/verify")]
    [InlineData("GET", "/api/users/me")]
    [InlineData("PATCH", "/api/users/me")]
    [InlineData("DELETE", "/api/users/me")]
    [InlineData("POST", "/api/users/me/deletion")]
    [InlineData("GET", "/api/users")]
    [InlineData("GET", "/api/users/019a7c1e-5a00-7000-8000-000000000001")]
    [InlineData("PUT", "/api/users/019a7c1e-5a00-7000-8000-000000000001/roles/admin")]
    [InlineData("PUT", "/api/users/019a7c1e-5a00-7000-8000-000000000001/suspension")]
    [InlineData("GET", "/api/admin/users")]
    public async Task Without_a_token_nobody_gets_in(string method, string path)
    {
        using var client = host.Anonymous();

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private async Task<IEnumerable<Guid>> RevokedAsync(string query = "")
    {
        using var client = host.Anonymous();
        var list = JsonNode.Parse(await client.GetStringAsync($"/internal/revoked-sessions{query}"))!.AsArray();
        return list.Select(session => Guid.Parse((string)session!["session_id"]!));
    }
}
