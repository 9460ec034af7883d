using System.Net;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>Whom the services, and the limits, take for the client.</summary>
public sealed class ClientAddressTests(GatewayFixture gateway, ClientAddressTests.GatewayBehindProxy behindProxy)
    : IClassFixture<GatewayFixture>, IClassFixture<ClientAddressTests.GatewayBehindProxy>
{
    [Fact]
    public async Task What_a_client_says_about_itself_is_replaced()
    {
        using var client = gateway.From("127.2.0.1");

        using var response = await client.SendAsync(GatewayFixture.Get(
            "/api/wallet",
            ("X-Forwarded-For", "203.0.113.1"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Prefix", "/evil"),
            ("Forwarded", "for=203.0.113.1")));

        var headers = (await response.ReadObjectAsync())["headers"]!.AsObject();
        Assert.Equal("127.2.0.1", (string?)headers["x-forwarded-for"]);
        Assert.Equal("http", (string?)headers["x-forwarded-proto"]);
        Assert.Equal(gateway.Address.Authority, (string?)headers["x-forwarded-host"]);
        Assert.False(headers.ContainsKey("x-forwarded-prefix"));
        Assert.False(headers.ContainsKey("forwarded"));
    }

    [Fact]
    public async Task What_a_known_proxy_says_counts()
    {
        using var client = behindProxy.From("127.2.0.9");

        using var response = await client.SendAsync(GatewayFixture.Get(
            "/api/wallet",
            ("X-Forwarded-For", "198.51.100.7, 203.0.113.1"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "api.explaino.example")));

        var headers = (await response.ReadObjectAsync())["headers"]!;
        // The proxy itself saw 203.0.113.1; what stands before that is hearsay.
        Assert.Equal("203.0.113.1", (string?)headers["x-forwarded-for"]);
        Assert.Equal("https", (string?)headers["x-forwarded-proto"]);
        Assert.Equal("api.explaino.example", (string?)headers["x-forwarded-host"]);

        // The client came by HTTPS, and is to go on doing so.
        Assert.Equal("max-age=31536000; includeSubDomains", response.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task What_another_says_does_not_count_beside_a_known_proxy()
    {
        using var client = behindProxy.From("127.9.0.1");

        using var response = await client.SendAsync(GatewayFixture.Get("/api/wallet", ("X-Forwarded-For", "203.0.113.1")));

        Assert.Equal("127.9.0.1", (string?)(await response.ReadObjectAsync())["headers"]!["x-forwarded-for"]);
    }

    [Fact]
    public async Task All_addresses_of_one_IPv6_network_are_one_client()
    {
        Assert.Equal(HttpStatusCode.OK, await TokenCallAsync("2001:db8:0:1::1"));
        Assert.Equal(HttpStatusCode.OK, await TokenCallAsync("2001:db8:0:1:ffff::2"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await TokenCallAsync("2001:db8:0:1::3"));
        Assert.Equal(HttpStatusCode.OK, await TokenCallAsync("2001:db8:0:2::1"));
    }

    [Fact]
    public async Task All_networks_of_one_IPv6_site_share_a_wider_limit_which_no_refused_call_uses_up()
    {
        for (var call = 0; call < 20; call++)
        {
            await TokenCallAsync("2001:db8:48:1::1");
        }

        Assert.Equal(HttpStatusCode.OK, await TokenCallAsync("2001:db8:48:2::1"));
        Assert.Equal(HttpStatusCode.OK, await TokenCallAsync("2001:db8:48:3::1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TokenCallAsync("2001:db8:48:4::1"));
        Assert.Equal(HttpStatusCode.OK, await TokenCallAsync("2001:db8:49:1::1"));
    }

    [Fact]
    public async Task Behind_TLS_that_ends_elsewhere_the_gateway_does_not_start_without_knowing_its_proxy()
    {
        var settings = new Dictionary<string, string?> { ["Authentication:Issuer"] = "https://explaino.example" };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartAsync(Service.Gateway, settings));

        Assert.Contains("PROXY_NETWORK", failure.Message, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> TokenCallAsync(string clientAddress)
    {
        using var proxy = behindProxy.From("127.2.0.9");
        using var response = await proxy.SendAsync(GatewayFixture.Get("/api/auth/token", ("X-Forwarded-For", clientAddress)));
        return response.StatusCode;
    }

    public sealed class GatewayBehindProxy() : GatewayFixture(
        ("ForwardedHeaders:KnownNetworks:0", "127.2.0.0/16"),
        ("RateLimiting:Credentials:Permits", "2"),
        ("RateLimiting:Site", "2"));
}
