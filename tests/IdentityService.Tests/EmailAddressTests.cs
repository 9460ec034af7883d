using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class EmailAddressTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("o'neil+tag@mail.example.co")]
    [InlineData("UPPER.case@Example.ORG")]
    public async Task Unusual_addresses_are_accepted(string email)
    {
        var registration = IdentityHost.NewRegistration();
        registration["email"] = email;

        var member = await host.RegisterAsync(registration);

        await host.LogInAsync(email.ToLowerInvariant(), member.Password);
    }

    [Theory]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("пример.рф", "xn--e1afmkfd.xn--p1ai")]
    [InlineData("例え。テスト", "xn--r8jz45g.xn--zckzah")]
    public async Task An_international_domain_is_kept_and_compared_as_what_mail_is_sent_to(string typed, string kept)
    {
        var registration = IdentityHost.NewRegistration();
        var local = ((string)registration["email"]!).Split('@')[0];
        registration["email"] = $"{local}@{typed}";

        using var response = await host.PostAsync("/api/auth/register", registration);

        Assert.Equal($"{local}@{kept}", (string?)(await response.ReadObjectAsync(HttpStatusCode.Created))["email"]);
        await host.LogInAsync($"{local}@{typed}", IdentityHost.Password);
        await host.LogInAsync($"{local}@{kept.ToUpperInvariant()}", IdentityHost.Password);
        var again = IdentityHost.NewRegistration();
        again["email"] = $"{local}@{kept}";
        using var taken = await host.PostAsync("/api/auth/register", again);
        await taken.IsProblemAsync(HttpStatusCode.Conflict, "already_taken", "email");
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = $"{local}@{typed}" });
        await host.ReadCodeAsync($"{local}@{kept}");
    }

    [Theory]
    [InlineData(64, "example.org", HttpStatusCode.Created)]
    [InlineData(65, "example.org", HttpStatusCode.BadRequest)]
    [InlineData(5, "1.2.3.4", HttpStatusCode.BadRequest)]
    [InlineData(5, "example.123", HttpStatusCode.BadRequest)]
    [InlineData(5, "example.1com", HttpStatusCode.Created)]
    [InlineData(5, "-bücher.example", HttpStatusCode.BadRequest)]
    [InlineData(5, "bü cher.example", HttpStatusCode.BadRequest)]
    public async Task An_address_is_one_that_can_be_delivered_to(int local, string domain, HttpStatusCode expected)
    {
        var registration = IdentityHost.NewRegistration();
        registration["email"] = $"{((string)registration["username"]!)[^3..].PadLeft(local, 'x')}@{domain}";

        using var response = await host.PostAsync("/api/auth/register", registration);

        Assert.Equal(expected, response.StatusCode);
    }
}
