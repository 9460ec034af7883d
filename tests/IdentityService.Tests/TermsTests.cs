using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>Identity with terms to agree to.</summary>
public sealed class TermsHost() : IdentityHost(new Dictionary<string, string?> { ["Terms:Version"] = "2026-11" });

/// <summary>Whoever registers agrees to the terms as they are.</summary>
public sealed class TermsTests(TermsHost host) : IClassFixture<TermsHost>
{
    [Theory]
    [InlineData(null, "required")]
    [InlineData("2025-01", "not_a_word")]
    public async Task Without_agreeing_to_the_terms_as_they_are_nobody_registers(string? accepted, string rule)
    {
        var registration = IdentityHost.NewRegistration();
        registration["accepted_terms"] = accepted;

        using var refused = await host.PostAsync("/api/auth/register", registration);

        var problem = await refused.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "accepted_terms");
        Assert.Equal(rule, (string?)problem["violations"]![0]!["rule"]);
    }

    [Fact]
    public async Task What_somebody_agreed_to_is_kept()
    {
        var registration = IdentityHost.NewRegistration();
        registration["accepted_terms"] = "2026-11";

        var member = await host.RegisterAsync(registration);

        Assert.Equal(1, await host.CountAsync($"users WHERE id = '{member.Id}' AND accepted_terms = '2026-11'"));
    }

    [Fact]
    public async Task A_token_says_whether_the_email_address_is_verified_and_a_refreshed_one_at_once()
    {
        var registration = IdentityHost.NewRegistration();
        registration["accepted_terms"] = "2026-11";
        var member = await host.RegisterAsync(registration);
        var login = await host.LogInAsync(member);
        using var client = host.As(login);
        using var asked = await client.PostAsync("/api/auth/email/send-code", null);
        using var verified = await client.PostAsJsonAsync("/api/auth/email/verify", new { code = await host.ReadCodeAsync(member.Email) });

        var refreshed = await host.RefreshAsync(login);

        Assert.False((bool?)login.Claims["email_verified"]);
        Assert.True((bool?)refreshed.Claims["email_verified"]);
    }
}
