using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

public sealed class RoleAndDeletionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Only_admins_make_admins()
    {
        var member = await host.RegisterAsync();
        var (_, client) = await host.SomebodyAsync();

        using var response = await client.PutAsync($"/api/users/{member.Id}/roles/admin", null);

        await response.IsProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task An_unknown_user_becomes_no_admin()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());

        using var made = await admin.PutAsync($"/api/users/{Guid.CreateVersion7()}/roles/admin", null);
        using var removed = await admin.DeleteAsync($"/api/users/{Guid.CreateVersion7()}/roles/admin");

        await made.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await removed.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task An_admin_is_made_and_removed_with_their_sessions()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();

        for (var i = 0; i < 2; i++)
        {
            using var made = await admin.PutAsync($"/api/users/{member.Id}/roles/admin", null);
            Assert.Equal(HttpStatusCode.NoContent, made.StatusCode);
        }

        var login = await host.LogInAsync(member);
        Assert.Equal("admin", (string?)Assert.Single(login.Claims["roles"]!.AsArray()));

        for (var i = 0; i < 2; i++)
        {
            using var removed = await admin.DeleteAsync($"/api/users/{member.Id}/roles/admin");
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        using var former = host.As(login);
        Assert.Equal(HttpStatusCode.Unauthorized, (await former.GetAsync("/api/users/me")).StatusCode);
    }

    [Fact]
    public async Task The_last_admin_stays()
    {
        var login = await host.LogInAsAdminAsync();
        using var admin = host.As(login);

        using var removed = await admin.DeleteAsync($"/api/users/{(string?)login.Claims["sub"]}/roles/admin");
        using var deleted = await DeleteAsync(admin, "Admin-Passw0rd!");

        await removed.IsProblemAsync(HttpStatusCode.Conflict, "last_admin");
        await deleted.IsProblemAsync(HttpStatusCode.Conflict, "last_admin");
    }

    [Fact]
    public async Task Of_two_admins_who_remove_each_other_one_stays()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var own = new IdentityHost(environment);
        await own.InitializeAsync();
        var first = await own.LogInAsAdminAsync();
        using var firstAdmin = own.As(first);
        var member = await own.RegisterAsync();
        using var made = await firstAdmin.PutAsync($"/api/users/{member.Id}/roles/admin", null);
        using var secondAdmin = own.As(await own.LogInAsync(member));

        var responses = await Task.WhenAll(
            firstAdmin.DeleteAsync($"/api/users/{member.Id}/roles/admin"),
            secondAdmin.DeleteAsync($"/api/users/{(string?)first.Claims["sub"]}/roles/admin"));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.NoContent);
        Assert.Single(responses, response => response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Unauthorized);
        await using var database = NpgsqlDataSource.Create(environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand("SELECT count(*) FROM users WHERE is_admin");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("wrong password")]
    [InlineData(null)]
    public async Task A_deletion_needs_the_password(string? password)
    {
        var (_, client) = await host.SomebodyAsync();

        using var response = await DeleteAsync(client, password);
        using var posted = await client.PostAsJsonAsync("/api/users/me/deletion", new { password });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "password");
        await posted.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "password");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/users/me")).StatusCode);
    }

    [Fact]
    public async Task A_deletion_can_be_posted_where_a_DELETE_would_lose_its_body()
    {
        var (member, client) = await host.SomebodyAsync();

        using var response = await client.PostAsJsonAsync("/api/users/me/deletion", new { password = member.Password });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/users/me")).StatusCode);
        using var login = await host.TryLogInAsync(member.Email, member.Password);
        await login.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task A_deleted_user_is_gone_with_everything_personal_and_the_others_are_told()
    {
        var (member, client) = await host.SomebodyAsync();
        var second = await host.LogInAsync(member);
        var deletions = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-deleted.v1");
        var revocations = await PublishedEvents.ListenAsync(host.Environment.Broker, "session-revoked.v1");
        using var sent = await client.PostAsync("/api/auth/email/send-code", null);
        await host.ReadCodeAsync(member.Email);

        using var response = await DeleteAsync(client, member.Password);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TryRefreshAsync(second.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TryLogInAsync(member.Email, member.Password)).StatusCode);
        Assert.Single(await deletions.AboutAsync(member.Id));
        Assert.Equal(2, (await revocations.AboutAsync(member.Id, 2)).Count);
        using var anyone = host.Anonymous();
        Assert.Contains(second.SessionId.ToString(), await anyone.GetStringAsync("/internal/revoked-sessions"), StringComparison.Ordinal);
        Assert.Equal(0, await CountTracesAsync(member));
    }

    [Fact]
    public async Task A_deleted_users_names_are_free_again()
    {
        var registration = IdentityHost.NewRegistration();
        var member = await host.RegisterAsync(registration);
        using var client = host.As(await host.LogInAsync(member));
        using var deleted = await DeleteAsync(client, member.Password);

        var again = await host.RegisterAsync(registration);

        Assert.NotEqual(member.Id, again.Id);
    }

    [Fact]
    public async Task Logins_that_race_a_deletion_leave_no_session_and_no_error()
    {
        var (member, client) = await host.SomebodyAsync();

        // No more than may fail: those that come after the deletion do, and the eleventh would find the address locked.
        var logins = Enumerable.Range(0, 10).Select(_ => host.TryLogInAsync(member.Email, member.Password)).ToList();
        using var deleted = await DeleteAsync(client, member.Password);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var response in await Task.WhenAll(logins))
        {
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized, $"{response.StatusCode}");
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var login = await IdentityHost.ReadLoginAsync(response);
                Assert.Equal(HttpStatusCode.Unauthorized, (await host.TryRefreshAsync(login.RefreshToken)).StatusCode);
            }
        }
    }

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client, string? password) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/users/me") { Content = JsonContent.Create(new { password }) });

    /// <summary>How many rows of any table still hold the user's names.</summary>
    private async Task<long> CountTracesAsync(Member member)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand(
            """
            SELECT sum((xpath('/row/c/text()', query_to_xml(format(
                'SELECT count(*) AS c FROM %I AS t WHERE t::text ILIKE %L OR t::text ILIKE %L', table_name, $1, $2), false, true, '')))[1]::text::bigint)::bigint
            FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{member.Email}%" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{member.Username}%" });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
