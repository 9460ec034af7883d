using System.Net;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>Every path of the contract reaches its service, and no other path reaches any.</summary>
public sealed class RoutingTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string> Services { get; } = [.. Service.WithDatabase.Select(service => service.Name)];

    [Theory]
    [InlineData("POST", "/api/auth/register", "identity")]
    [InlineData("POST", "/api/auth/token", "identity")]
    [InlineData("POST", "/api/auth/token/refresh", "identity")]
    [InlineData("POST", "/api/auth/logout", "identity")]
    [InlineData("GET", "/api/auth/sessions", "identity")]
    [InlineData("DELETE", "/api/auth/sessions/1", "identity")]
    [InlineData("POST", "/api/auth/password/change", "identity")]
    [InlineData("POST", "/api/auth/password/forgot", "identity")]
    [InlineData("POST", "/api/auth/password/reset", "identity")]
    [InlineData("POST", "/api/auth/email/send-code", "identity")]
    [InlineData("POST", "/api/auth/deletion/request", "identity")]
    [InlineData("PATCH", "/api/users/me", "identity")]
    [InlineData("GET", "/api/users?q=a%20b&ids=1,2", "identity")]
    [InlineData("PUT", "/api/users/1/roles/admin", "identity")]
    [InlineData("GET", "/api/admin/users?q=ada", "identity")]
    [InlineData("GET", "/api/moderation/cases?state=open", "identity")]
    [InlineData("GET", "/.well-known/openid-configuration", "identity")]
    [InlineData("GET", "/.well-known/jwks.json", "identity")]
    [InlineData("GET", "/api/wallet", "wallet")]
    [InlineData("GET", "/api/wallet/transactions?limit=5", "wallet")]
    [InlineData("POST", "/api/wallet/transfers", "wallet")]
    [InlineData("POST", "/api/wallets/1/awards", "wallet")]
    [InlineData("GET", "/api/specializations", "profile")]
    [InlineData("PUT", "/api/specializations/1", "profile")]
    [InlineData("GET", "/api/profiles?q=x", "profile")]
    [InlineData("PUT", "/api/profiles/me/tech-stack", "profile")]
    [InlineData("PUT", "/api/profiles/me/resume", "profile")]
    [InlineData("GET", "/api/profiles/1/resume/file", "profile")]
    [InlineData("GET", "/api/profiles/1/resume.json", "profile")]
    [InlineData("GET", "/api/jobs?sort=newest", "jobs")]
    [InlineData("POST", "/api/jobs/1/comments", "jobs")]
    [InlineData("POST", "/api/jobs/1/images", "jobs")]
    [InlineData("GET", "/api/jobs/1/images/2", "jobs")]
    [InlineData("GET", "/api/chats/1/messages?before=2", "chat")]
    [InlineData("DELETE", "/api/groups/1/participants/2", "chat")]
    [InlineData("GET", "/api/messages/search?q=x", "chat")]
    [InlineData("POST", "/api/sync", "chat")]
    [InlineData("GET", "/api/unread", "chat")]
    [InlineData("PUT", "/api/notifications/read", "chat")]
    [InlineData("PATCH", "/api/notification-settings", "chat")]
    [InlineData("PUT", "/api/devices/01a21b0d-bf9e-7a0e-bc53-07e5d6b7cd58", "chat")]
    [InlineData("GET", "/api/devices", "chat")]
    [InlineData("POST", "/hubs/chat/negotiate?negotiateVersion=1", "chat")]
    public async Task A_path_of_the_contract_goes_to_its_service(string method, string target, string service)
    {
        using var response = await gateway.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), target));

        var answer = await response.ReadObjectAsync();
        Assert.Equal(service, (string?)answer["service"]);
        Assert.Equal(method, (string?)answer["method"]);
        Assert.Equal(target, (string?)answer["target"]);
    }

    [Theory]
    [InlineData("/api/auth/register/", "identity")]
    [InlineData("/.well-known/jwks.json/", "identity")]
    [InlineData("/api/users/", "identity")]
    [InlineData("/api/wallet/", "wallet")]
    [InlineData("/api/wallet/transfers/", "wallet")]
    [InlineData("/api/jobs/", "jobs")]
    [InlineData("/api/jobs/1/images/", "jobs")]
    [InlineData("/hubs/chat/", "chat")]
    public async Task A_trailing_slash_is_meaningless(string path, string service)
    {
        var answer = await gateway.Client.GetObjectAsync(path);

        Assert.Equal(service, (string?)answer["service"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_service_document_has_a_path_of_its_own(string service)
    {
        var answer = await gateway.Client.GetObjectAsync($"/openapi/{service}.json");

        Assert.Equal(service, (string?)answer["service"]);
        Assert.Equal("/openapi/v1.json", (string?)answer["target"]);
    }

    [Theory]
    [InlineData("/internal/revoked-sessions")]
    [InlineData("/internal/people")]
    [InlineData("/api/users/../../internal/revoked-sessions")]
    [InlineData("/api/users/%2e%2e/%2e%2e/internal/revoked-sessions")]
    [InlineData("/.well-known/other")]
    [InlineData("/api/walletx")]
    [InlineData("/api/unknown")]
    [InlineData("/hubs/other")]
    [InlineData("/openapi/v1.json")]
    public async Task Any_other_path_is_not_found(string target)
    {
        using var response = await SendRawAsync(target);

        await response.IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("/api/users/%252e%252e/%252e%252e/internal/revoked-sessions")]
    [InlineData("/api/users/..%2f..%2finternal/revoked-sessions")]
    [InlineData("/api/users/..%5c..%5cinternal/revoked-sessions")]
    public async Task An_escaped_path_stays_below_its_prefix(string target)
    {
        using var response = await SendRawAsync(target);

        var seen = (string?)(await response.ReadObjectAsync())["target"];
        Assert.StartsWith("/api/users/", seen);
        Assert.DoesNotContain("/../", seen);
        Assert.DoesNotContain("%2e", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("%2f", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_services_refusal_passes_untouched()
    {
        using var response = await gateway.Client.GetAsync("/api/wallet?do=refuse");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("""{"code":"insufficient_points"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("wallet", response.Headers.GetValues("Via-Service").Single());
    }

    [Fact]
    public async Task A_services_empty_refusal_stays_empty()
    {
        using var response = await gateway.Client.GetAsync("/api/wallet?do=refuse-plainly");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_token_reaches_the_service_as_it_is()
    {
        using var response = await gateway.Client.SendAsync(GatewayFixture.Get("/api/wallet", ("Authorization", "Bearer not-a-token")));

        var answer = await response.ReadObjectAsync();
        Assert.Equal("Bearer not-a-token", (string?)answer["headers"]!["authorization"]);
    }

    [Fact]
    public async Task A_trace_goes_on()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";

        using var response = await gateway.Client.SendAsync(GatewayFixture.Get("/api/wallet", ("traceparent", $"00-{Trace}-b7ad6b7169203331-01")));

        var answer = await response.ReadObjectAsync();
        Assert.StartsWith($"00-{Trace}-", (string?)answer["headers"]!["traceparent"]);
    }

    // HttpClient would tidy the path up before it is sent.
    private Task<HttpResponseMessage> SendRawAsync(string target) =>
        gateway.Client.SendAsync(new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"http://{gateway.Address.Authority}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })));
}
