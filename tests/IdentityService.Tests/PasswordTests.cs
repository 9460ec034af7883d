using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class PasswordTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private const string NewPassword = "a wholly new password";

    [Fact]
    public async Task A_new_password_ends_all_other_sessions()
    {
        var member = await host.RegisterAsync();
        var other = await host.LogInAsync(member);
        var current = await host.LogInAsync(member);
        using var client = host.As(current);

        using var response = await client.PostAsJsonAsync(
            "/api/auth/password/change", new { current_password = member.Password, new_password = NewPassword });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TryRefreshAsync(other.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TryLogInAsync(member.Email, member.Password)).StatusCode);
        await host.LogInAsync(member.Email, NewPassword);
    }

    [Theory]
    [InlineData("wrong password", NewPassword, "current_password")]
    [InlineData(IdentityHost.Password, "short", "new_password")]
    [InlineData(IdentityHost.Password, "password123", "new_password")]
    [InlineData(IdentityHost.Password, null, "new_password")]
    public async Task A_bad_change_is_refused(string current, string? next, string member)
    {
        var (_, client) = await host.SomebodyAsync();

        using var response = await client.PostAsJsonAsync("/api/auth/password/change", new { current_password = current, new_password = next });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task A_new_password_is_not_the_users_name()
    {
        var (member, client) = await host.SomebodyAsync();

        using var response = await client.PostAsJsonAsync(
            "/api/auth/password/change", new { current_password = member.Password, new_password = member.Username });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "new_password");
    }

    [Fact]
    public async Task Guessing_the_current_password_locks_the_account_too()
    {
        var (member, client) = await host.SomebodyAsync();
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await client.PostAsJsonAsync(
                "/api/auth/password/change", new { current_password = "wrong password", new_password = NewPassword });
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        using var locked = await client.PostAsJsonAsync(
            "/api/auth/password/change", new { current_password = member.Password, new_password = NewPassword });

        await locked.IsProblemAsync(HttpStatusCode.TooManyRequests, "account_locked");
    }

    [Fact]
    public async Task A_mailed_code_resets_the_password_once_and_ends_all_sessions()
    {
        var member = await host.RegisterAsync();
        var login = await host.LogInAsync(member);
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email.ToUpperInvariant() });
        Assert.Equal(HttpStatusCode.Accepted, forgot.StatusCode);
        var code = await host.ReadCodeAsync(member.Email);

        using var reset = await ResetAsync(member, code);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.TryRefreshAsync(login.RefreshToken)).StatusCode);
        await host.LogInAsync(member.Email, NewPassword);
        await AssertWrongCodeAsync(await ResetAsync(member, code));
    }

    [Fact]
    public async Task A_reset_unlocks_the_account()
    {
        var member = await host.RegisterAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => host.TryLogInAsync(member.Email, "wrong password")));
        var code = await ForgetAsync(member);

        using var reset = await ResetAsync(member, code);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        await host.LogInAsync(member.Email, NewPassword);
    }

    [Fact]
    public async Task An_unknown_address_is_answered_alike_and_gets_no_mail()
    {
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = "unknown@example.org" });

        Assert.Equal(HttpStatusCode.Accepted, forgot.StatusCode);
        var member = await host.RegisterAsync();
        await ForgetAsync(member); // mails go out in order
        Assert.Empty(await host.MailsToAsync("unknown@example.org"));
        using var reset = await host.PostAsync(
            "/api/auth/password/reset", new { email = "unknown@example.org", code = "123456", new_password = NewPassword });
        await AssertWrongCodeAsync(reset);
    }

    [Fact]
    public async Task A_code_is_good_for_ten_minutes()
    {
        var member = await host.RegisterAsync();
        var code = await ForgetAsync(member);
        host.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        await AssertWrongCodeAsync(await ResetAsync(member, code));
    }

    [Fact]
    public async Task A_code_survives_four_wrong_tries()
    {
        var member = await host.RegisterAsync();
        var code = await ForgetAsync(member);
        for (var i = 0; i < 4; i++)
        {
            await AssertWrongCodeAsync(await ResetAsync(member, OtherThan(code)));
        }

        using var reset = await ResetAsync(member, code);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
    }

    [Fact]
    public async Task After_five_wrong_tries_even_at_once_a_code_is_worthless()
    {
        var member = await host.RegisterAsync();
        var code = await ForgetAsync(member);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ResetAsync(member, OtherThan(code))));

        await AssertWrongCodeAsync(await ResetAsync(member, code));
    }

    [Fact]
    public async Task Of_many_right_tries_at_once_one_succeeds()
    {
        var member = await host.RegisterAsync();
        var code = await ForgetAsync(member);

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ResetAsync(member, code)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(9, responses.Count(response => response.StatusCode == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_bad_new_password_does_not_use_up_the_code()
    {
        var member = await host.RegisterAsync();
        var code = await ForgetAsync(member);

        using var refused = await ResetAsync(member, code, member.Username);

        await refused.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "new_password");
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(member, code)).StatusCode);
    }

    [Fact]
    public async Task A_newer_code_replaces_the_former_and_no_more_than_five_an_hour_are_mailed()
    {
        var member = await host.RegisterAsync();
        var codes = new List<string>();
        for (var i = 1; i <= 5; i++)
        {
            codes.Add(await ForgetAsync(member, i));
        }

        using var sixth = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        await ForgetAsync(await host.RegisterAsync());

        Assert.Equal(5, (await host.MailsToAsync(member.Email)).Count);
        await AssertWrongCodeAsync(await ResetAsync(member, codes[0] == codes[4] ? OtherThan(codes[4]) : codes[0]));
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(member, codes[4])).StatusCode);
    }

    [Fact]
    public async Task A_verified_address_is_shown()
    {
        var (member, client) = await host.SomebodyAsync();
        using var sent = await client.PostAsync("/api/auth/email/send-code", null);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var code = await host.ReadCodeAsync(member.Email);

        await AssertWrongCodeAsync(await client.PostAsJsonAsync("/api/auth/email/verify", new { code = OtherThan(code) }));
        using var verified = await client.PostAsJsonAsync("/api/auth/email/verify", new { code });

        Assert.Equal(HttpStatusCode.NoContent, verified.StatusCode);
        Assert.True((bool)(await client.GetObjectAsync("/api/users/me"))["email_verified"]!);
    }

    [Fact]
    public async Task A_code_for_one_purpose_is_worthless_for_another()
    {
        var (member, client) = await host.SomebodyAsync();
        using var sent = await client.PostAsync("/api/auth/email/send-code", null);
        var code = await host.ReadCodeAsync(member.Email);

        await AssertWrongCodeAsync(await ResetAsync(member, code));
    }

    private static string OtherThan(string code) => code[0] == '0' ? $"1{code[1..]}" : $"0{code[1..]}";

    private async Task<string> ForgetAsync(Member member, int mail = 1)
    {
        using var response = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await host.ReadCodeAsync(member.Email, mail);
    }

    private Task<HttpResponseMessage> ResetAsync(Member member, string code, string newPassword = NewPassword) =>
        host.PostAsync("/api/auth/password/reset", new { email = member.Email, code, new_password = newPassword });

    private static async Task AssertWrongCodeAsync(HttpResponseMessage response) =>
        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
}
