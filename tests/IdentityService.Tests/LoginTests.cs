using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Explaino.IdentityService.Tests;

public sealed class LoginTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_login_gives_a_pair_of_tokens()
    {
        var member = await host.RegisterAsync();

        using var response = await host.TryLogInAsync(member.Email.ToUpperInvariant(), member.Password);

        var pair = await response.ReadObjectAsync();
        Assert.Equal("Bearer", (string?)pair["token_type"]);
        Assert.Equal(900, (int?)pair["expires_in"]);
        var login = await IdentityHost.ReadLoginAsync(response);
        Assert.Equal("ES256", (string?)login.Header["alg"]);
        Assert.Equal(
            ["aud", "email_verified", "exp", "iat", "iss", "jti", "preferred_username", "roles", "sid", "sub"],
            login.Claims.Select(claim => claim.Key).Order(StringComparer.Ordinal));
        Assert.Equal(member.Id, Guid.Parse((string)login.Claims["sub"]!));
        Assert.Equal(member.Username, (string?)login.Claims["preferred_username"]);
        Assert.Equal("explaino", (string?)login.Claims["aud"]);
        Assert.Equal(900, (long)login.Claims["exp"]! - (long)login.Claims["iat"]!);
        Assert.Empty(login.Claims["roles"]!.AsArray());
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_look_the_same()
    {
        var member = await host.RegisterAsync();

        using var wrong = await host.TryLogInAsync(member.Email, "wrong password");
        using var unknown = await host.TryLogInAsync("nobody.at.all@example.org", "wrong password");

        var first = await wrong.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        var second = await unknown.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal("Bearer", wrong.Headers.WwwAuthenticate.ToString());
        first.Remove("trace_id");
        second.Remove("trace_id");
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task Both_are_required()
    {
        using var response = await host.PostAsync("/api/auth/token", new { });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "email", "password");
    }

    [Fact]
    public async Task The_eleventh_wrong_password_locks_the_account_for_a_while()
    {
        var member = await host.RegisterAsync();
        using var session = host.As(await host.LogInAsync(member));
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await host.TryLogInAsync(member.Email, "wrong password");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var locked = await host.TryLogInAsync(member.Email, member.Password);

        await locked.IsProblemAsync(HttpStatusCode.TooManyRequests, "account_locked");
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/api/users/me")).StatusCode);

        host.Clock.Advance(TimeSpan.FromMinutes(15));
        await host.LogInAsync(member);
    }

    [Fact]
    public async Task A_success_clears_the_failures()
    {
        var member = await host.RegisterAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 9; i++)
            {
                using var wrong = await host.TryLogInAsync(member.Email, "wrong password");
                Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            }

            await host.LogInAsync(member);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_64_wrong_passwords_at_once_ten_are_looked_at(bool exists)
    {
        var email = exists ? (await host.RegisterAsync()).Email : "somebody.unknown@example.org";

        var responses = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => host.TryLogInAsync(email, "wrong password")));

        Assert.Equal(10, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(54, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.All(
            responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests),
            response => Assert.NotNull(response.Headers.RetryAfter));
    }

    [Fact]
    public async Task Of_64_right_passwords_at_once_all_are_let_in()
    {
        var member = await host.RegisterAsync();

        var logins = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => host.LogInAsync(member)));

        Assert.Equal(64, logins.Select(login => login.SessionId).Distinct().Count());
    }

    [Theory]
    [InlineData("cafe\u0301 und bru\u0308cke", "caf\u00e9 und br\u00fccke")]
    [InlineData("caf\u00e9 und br\u00fccke", "cafe\u0301 und bru\u0308cke")]
    public async Task A_password_is_the_same_on_keyboards_that_compose_accents_and_those_that_do_not(string registered, string typed)
    {
        var registration = IdentityHost.NewRegistration();
        registration["password"] = registered;
        var member = await host.RegisterAsync(registration);

        await host.LogInAsync(member.Email, typed);
    }

    [Fact]
    public async Task A_hash_of_a_password_as_it_was_typed_goes_on_working_and_is_replaced()
    {
        const string Typed = "cafe\u0301 und bru\u0308cke";
        var member = await host.RegisterAsync();
        var hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));
        await using (var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString))
        {
            await using var command = database.CreateCommand($"UPDATE users SET password = '{hasher.HashPassword(new object(), Typed)}' WHERE id = '{member.Id}'");
            await command.ExecuteNonQueryAsync();
        }

        await host.LogInAsync(member.Email, Typed);

        await host.LogInAsync(member.Email, Typed.Normalize());
    }

    [Fact]
    public async Task A_cheaper_hash_is_replaced_at_the_next_login()
    {
        var member = await host.RegisterAsync();
        var before = await HashAsync(member);
        var dearer = new DearerHost(host.Environment);
        await using var other = dearer;
        await dearer.InitializeAsync();

        using var response = await dearer.PostAsync(member);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(before, await HashAsync(member));
        await host.LogInAsync(member);
    }

    private async Task<string> HashAsync(Member member)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand($"SELECT password FROM users WHERE id = '{member.Id}'");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed class DearerHost(ServiceEnvironment environment)
        : ServiceHost<Program>(environment, new Dictionary<string, string?> { ["Passwords:MemorySize"] = "128" })
    {
        public async Task<HttpResponseMessage> PostAsync(Member member)
        {
            using var client = Anonymous();
            return await client.PostAsJsonAsync("/api/auth/token", new { email = member.Email, password = member.Password });
        }
    }
}
