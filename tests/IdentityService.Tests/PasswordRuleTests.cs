using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class PasswordRuleTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("PassWord123", "password:common_password{}")]
    [InlineData("nul\u0000nul\u0000nul", "password:control_character{}")]
    public async Task A_password_is_told_which_rule_it_breaks(string password, string violation)
    {
        var registration = IdentityHost.NewRegistration();
        registration["password"] = password;

        using var response = await host.PostAsync("/api/auth/register", registration);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", violation);
    }

    [Theory]
    [InlineData("        ")]
    [InlineData("  kept as typed  ")]
    [InlineData("päßwörd 🔑 ключ")]
    public async Task A_password_is_kept_as_it_was_typed(string password)
    {
        var registration = IdentityHost.NewRegistration();
        registration["password"] = password;
        var member = await host.RegisterAsync(registration);

        using var trimmed = await host.TryLogInAsync(member.Email, password.Trim() + "x");

        await host.LogInAsync(member);
        await trimmed.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Theory]
    [InlineData("x", 128, HttpStatusCode.Created)]
    [InlineData("x", 129, HttpStatusCode.BadRequest)]
    [InlineData("🔑", 7, HttpStatusCode.BadRequest)]
    [InlineData("🔑", 8, HttpStatusCode.Created)]
    [InlineData("🔑", 128, HttpStatusCode.Created)]
    [InlineData("🔑", 129, HttpStatusCode.BadRequest)]
    [InlineData("e\u0301", 7, HttpStatusCode.BadRequest)]
    [InlineData("e\u0301", 128, HttpStatusCode.Created)]
    public async Task A_password_has_8_to_128_characters_as_people_count_them(string character, int length, HttpStatusCode expected)
    {
        var registration = IdentityHost.NewRegistration();
        registration["password"] = string.Concat(Enumerable.Repeat(character, length));

        using var response = await host.PostAsync("/api/auth/register", registration);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("username")]
    public async Task A_password_is_not_the_users_name(string member)
    {
        var registration = IdentityHost.NewRegistration();
        registration["password"] = ((string)registration[member]!).ToUpperInvariant();

        using var response = await host.PostAsync("/api/auth/register", registration);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "password");
    }
}
