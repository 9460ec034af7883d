using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>
/// Time of check to time of use (CWE-367): a request that read something, waited, and then acts on what is true by then. Whoever comes second waits for
/// whoever comes first at the user's row, which the test holds until both are there.
/// </summary>
public sealed class RaceTests(RaceTests.SlowHashingHost host) : IClassFixture<RaceTests.SlowHashingHost>
{
    private const string NewPassword = "a wholly new password";

    // TEST_RACES=200 runs more of them by hand.
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("TEST_RACES"), out var rounds) ? rounds : 10;

    [Fact]
    public async Task A_login_that_waited_for_the_removal_of_an_admin_is_no_admins()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await MakeAdminAsync(admin);

        var (removed, loggedIn) = await InOrderAsync(member, () => RemoveAsync(admin, member), () => host.TryLogInAsync(member.Email, member.Password));

        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty((await IdentityHost.ReadLoginAsync(loggedIn)).Claims["roles"]!.AsArray());
    }

    [Theory]
    [InlineData("a new password")]
    [InlineData("a deletion")]
    public async Task A_login_that_waited_for_the_end_of_its_password_opens_nothing(string end)
    {
        var (member, client) = await host.SomebodyAsync();

        var (ended, loggedIn) = await InOrderAsync(
            member, () => end == "a deletion" ? DeleteAsync(client) : ChangePasswordAsync(client), () => host.TryLogInAsync(member.Email, member.Password));

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await loggedIn.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task A_login_that_waited_for_a_suspension_opens_nothing()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();

        var (suspended, loggedIn) = await InOrderAsync(
            member,
            () => admin.PutAsJsonAsync($"/api/users/{member.Id}/suspension", new { reason = "Spam" }),
            () => host.TryLogInAsync(member.Email, member.Password));

        Assert.Equal(HttpStatusCode.NoContent, suspended.StatusCode);
        await loggedIn.IsProblemAsync(HttpStatusCode.Forbidden, "account_suspended");
    }

    [Theory]
    [InlineData("PUT", "/api/users/{me}/roles/admin")]
    [InlineData("DELETE", "/api/users/{admin}/roles/admin")]
    [InlineData("PATCH", "/api/users/me")]
    [InlineData("DELETE", "/api/users/me")]
    [InlineData("POST", "/api/auth/password/change")]
    [InlineData("POST", "/api/auth/email/verify")]
    public async Task What_waited_while_its_session_ended_does_nothing(string method, string path)
    {
        var adminLogin = await host.LogInAsAdminAsync();
        using var admin = host.As(adminLogin);
        var member = await MakeAdminAsync(admin);
        using var former = host.As(await host.LogInAsync(member));
        using var code = await former.PostAsync("/api/auth/email/send-code", null);
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path.Replace("{me}", member.Id.ToString(), StringComparison.Ordinal).Replace("{admin}", (string)adminLogin.Claims["sub"]!, StringComparison.Ordinal))
        {
            Content = JsonContent.Create(new
            {
                first_name = "Changed",
                password = member.Password,
                current_password = member.Password,
                new_password = NewPassword,
                code = await host.ReadCodeAsync(member.Email),
            }),
        };
        var before = await RowAsync(member);

        var (removed, late) = await InOrderAsync(member, () => RemoveAsync(admin, member), () => former.SendAsync(request));

        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await late.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", late.Headers.WwwAuthenticate.ToString());
        Assert.Equal(before, await RowAsync(member));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/users/me")).StatusCode);
    }

    [Theory]
    [InlineData("a removal")]
    [InlineData("a new password")]
    [InlineData("a deletion")]
    public async Task Logins_that_race_leave_nothing_alive_that_has_ended(string end)
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var member = await MakeAdminAsync(admin);
            using var client = host.As(await host.LogInAsync(member));

            var logins = Enumerable.Range(0, 3).Select(_ => host.TryLogInAsync(member.Email, member.Password)).ToList();
            var ending = end switch { "a removal" => RemoveAsync(admin, member), "a deletion" => DeleteAsync(client), _ => ChangePasswordAsync(client) };

            Assert.Equal(HttpStatusCode.NoContent, (await ending).StatusCode);
            foreach (var response in await Task.WhenAll(logins))
            {
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    var login = await IdentityHost.ReadLoginAsync(response);
                    using var late = host.As(login);
                    var alive = (await late.GetAsync("/api/users/me")).StatusCode == HttpStatusCode.OK;
                    Assert.False(alive && (end != "a removal" || login.Claims["roles"]!.AsArray().Count > 0), $"Round {round}: what had ended is alive.");
                }
            }
        }
    }

    private async Task<Member> MakeAdminAsync(HttpClient admin)
    {
        var member = await host.RegisterAsync();
        using var made = await admin.PutAsync($"/api/users/{member.Id}/roles/admin", null);
        Assert.Equal(HttpStatusCode.NoContent, made.StatusCode);
        return member;
    }

    private static Task<HttpResponseMessage> RemoveAsync(HttpClient admin, Member member) => admin.DeleteAsync($"/api/users/{member.Id}/roles/admin");

    private static Task<HttpResponseMessage> ChangePasswordAsync(HttpClient client) =>
        client.PostAsJsonAsync("/api/auth/password/change", new { current_password = IdentityHost.Password, new_password = NewPassword });

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/users/me") { Content = JsonContent.Create(new { password = IdentityHost.Password }) });

    /// <summary>Lets both come as far as the user's row, one after the other, and then go on.</summary>
    private async Task<(HttpResponseMessage First, HttpResponseMessage Second)> InOrderAsync(
        Member member, Func<Task<HttpResponseMessage>> first, Func<Task<HttpResponseMessage>> second)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"SELECT FROM users WHERE id = '{member.Id}' FOR UPDATE", connection, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var firstAnswer = first();
        await WaitForWaitingAsync(database, 1);
        var secondAnswer = second();
        await WaitForWaitingAsync(database, 2);
        await transaction.CommitAsync();
        return (await firstAnswer, await secondAnswer);
    }

    private static Task WaitForWaitingAsync(NpgsqlDataSource database, long count) => Eventually.TrueAsync(async () =>
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync())! >= count;
    });

    private async Task<string> RowAsync(Member member)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand(
            $"SELECT (to_jsonb(users) - 'is_admin' - 'version' - 'updated_at')::text FROM users WHERE id = '{member.Id}'");
        return $"{await command.ExecuteScalarAsync()}";
    }

    /// <summary>Hashes about as long as production does, which is when everything else happens.</summary>
    public sealed class SlowHashingHost() : IdentityHost(new Dictionary<string, string?> { ["Passwords:MemorySize"] = "19456" });
}
