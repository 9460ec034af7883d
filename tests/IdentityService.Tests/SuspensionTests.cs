using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class SuspensionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_suspended_account_is_out_at_once_and_stays_out()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        var login = await host.LogInAsync(member);
        var suspensions = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-suspended.v1");
        var revocations = await PublishedEvents.ListenAsync(host.Environment.Broker, "session-revoked.v1");

        using var suspended = await SuspendAsync(admin, member, until: null);

        Assert.Equal(HttpStatusCode.NoContent, suspended.StatusCode);
        using var client = host.As(login);
        await (await client.GetAsync("/api/users/me")).IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        using var refreshed = await host.TryRefreshAsync(login.RefreshToken);
        await refreshed.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        using var loggedIn = await host.TryLogInAsync(member.Email, member.Password);
        Assert.Equal("forever", (string?)(await loggedIn.IsProblemAsync(HttpStatusCode.Forbidden, "account_suspended"))["until"]);
        var message = Assert.Single(await suspensions.AboutAsync(member.Id))["message"]!;
        Assert.Null(message["until"]);
        Assert.Equal(2, (long?)message["version"]);
        Assert.Equal(login.SessionId, (Guid?)Assert.Single(await revocations.AboutAsync(member.Id))["message"]!["sessionId"]);
    }

    [Fact]
    public async Task Only_whoever_knows_the_password_is_told_of_a_suspension()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        using var suspended = await SuspendAsync(admin, member, until: null);

        using var login = await host.TryLogInAsync(member.Email, "wrong password");

        await login.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task A_suspension_ends_by_itself()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var own = new IdentityHost(environment);
        await own.InitializeAsync();
        using var admin = own.As(await own.LogInAsAdminAsync());
        var member = await own.RegisterAsync();
        var until = own.Clock.GetUtcNow().AddMinutes(5);
        using var suspended = await SuspendAsync(admin, member, until);
        using var refused = await own.TryLogInAsync(member.Email, member.Password);
        var told = (DateTimeOffset?)(await refused.IsProblemAsync(HttpStatusCode.Forbidden, "account_suspended"))["until"];

        own.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.InRange(told!.Value, until.AddMicroseconds(-1), until);
        await own.LogInAsync(member);
        var user = Assert.Single((await (await admin.GetAsync($"/api/admin/users?email={member.Email}")).ReadItemsAsync()));
        Assert.Null(user["suspended_until"]);
    }

    [Fact]
    public async Task A_suspension_is_lifted_and_the_event_says_that_it_came_later()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        var reinstatements = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-reinstated.v1");
        using var suspended = await SuspendAsync(admin, member, until: null);

        for (var i = 0; i < 2; i++)
        {
            using var lifted = await admin.DeleteAsync($"/api/users/{member.Id}/suspension");
            Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        }

        await host.LogInAsync(member);
        Assert.Equal(3, (long?)Assert.Single(await reinstatements.AboutAsync(member.Id))["message"]!["version"]);
    }

    [Fact]
    public async Task Nobody_suspends_themselves_nor_the_last_admin()
    {
        var login = await host.LogInAsAdminAsync();
        using var admin = host.As(login);
        var id = (string)login.Claims["sub"]!;

        using var last = await admin.PutAsJsonAsync($"/api/users/{id}/suspension", new { reason = "Try" });
        var second = await host.RegisterAsync();
        using var made = await admin.PutAsync($"/api/users/{second.Id}/roles/admin", null);
        using var own = await admin.PutAsJsonAsync($"/api/users/{id}/suspension", new { reason = "Try" });
        using var suspended = await SuspendAsync(admin, second, until: null);
        using var removed = await admin.DeleteAsync($"/api/users/{id}/roles/admin");

        await last.IsProblemAsync(HttpStatusCode.Conflict, "last_admin");
        await own.IsProblemAsync(HttpStatusCode.Conflict, "own_account");
        Assert.Equal(HttpStatusCode.NoContent, suspended.StatusCode);
        await removed.IsProblemAsync(HttpStatusCode.Conflict, "last_admin");
        using var revoked = await admin.DeleteAsync($"/api/users/{second.Id}/roles/admin");
    }

    [Fact]
    public async Task What_is_wrong_with_a_suspension_is_said_of_its_members()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();

        using var past = await SuspendAsync(admin, member, host.Clock.GetUtcNow());
        using var silent = await admin.PutAsJsonAsync($"/api/users/{member.Id}/suspension", new { reason = "" });
        using var nobody = await admin.PutAsJsonAsync($"/api/users/{Guid.CreateVersion7()}/suspension", new { reason = "Spam" });
        using var nobodys = await admin.DeleteAsync($"/api/users/{Guid.CreateVersion7()}/suspension");

        await past.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "until");
        await silent.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "reason");
        await nobody.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await nobodys.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await host.LogInAsync(member);
    }

    [Fact]
    public async Task Admins_find_users_by_name_and_by_email_address()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        using var suspended = await SuspendAsync(admin, member, until: null);

        var byEmail = await (await admin.GetAsync($"/api/admin/users?email={member.Email.ToUpperInvariant()}")).ReadItemsAsync();
        var byName = await (await admin.GetAsync($"/api/admin/users?q={member.Username}")).ReadItemsAsync();
        var neither = await (await admin.GetAsync($"/api/admin/users?q=nobody&email={member.Email}")).ReadItemsAsync();

        var found = Assert.Single(byEmail);
        Assert.Equal(member.Id, (Guid?)found["id"]);
        Assert.Equal(member.Email, (string?)found["email"]);
        Assert.Equal("forever", (string?)found["suspended_until"]);
        Assert.Equal(member.Id, (Guid?)Assert.Single(byName)["id"]);
        Assert.Empty(neither);
    }

    [Fact]
    public async Task Admins_see_and_end_a_users_sessions()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        var (first, second) = (await host.LogInAsync(member), await host.LogInAsync(member));

        var page = await admin.GetObjectAsync($"/api/admin/users/{member.Id}/sessions?limit=1");
        var rest = await admin.GetObjectAsync($"/api/admin/users/{member.Id}/sessions?limit=1&cursor={(string?)page["next_cursor"]}");
        using var ended = await admin.DeleteAsync($"/api/admin/users/{member.Id}/sessions");

        Assert.Equal(second.SessionId, (Guid?)Assert.Single(page["items"]!.AsArray())!["id"]);
        Assert.Equal(first.SessionId, (Guid?)Assert.Single(rest["items"]!.AsArray())!["id"]);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        using var refused = await host.TryRefreshAsync(first.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Empty(await (await admin.GetAsync($"/api/admin/users/{member.Id}/sessions")).ReadItemsAsync());
        using var nobody = await admin.GetAsync($"/api/admin/users/{Guid.CreateVersion7()}/sessions");
        await nobody.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
    }

    private static Task<HttpResponseMessage> SuspendAsync(HttpClient admin, Member member, DateTimeOffset? until) =>
        admin.PutAsJsonAsync($"/api/users/{member.Id}/suspension", new { until, reason = "Spam" });
}
