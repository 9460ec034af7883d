using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>Without limits, and without Identity, whose keys the limits would like to have.</summary>
public sealed class UnlimitedTests(UnlimitedTests.UnlimitedGateway gateway) : IClassFixture<UnlimitedTests.UnlimitedGateway>
{
    [Fact]
    public async Task Limits_can_be_switched_off()
    {
        for (var i = 0; i < 10; i++)
        {
            using var response = await gateway.Client.GetAsync("/api/auth/token");
            Assert.NotEqual(HttpStatusCode.TooManyRequests, response.StatusCode);
        }
    }

    [Fact]
    public async Task No_request_waits_for_Identity()
    {
        await gateway["identity"].KillAsync();
        using var client = gateway.From("127.3.0.1");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.TokenOf(TestUser.New()));
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var response = await client.GetAsync("/api/wallet");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    public sealed class UnlimitedGateway() : GatewayFixture(
        ("RateLimiting:Enabled", "false"),
        ("RateLimiting:Credentials:Permits", "1"),
        ("RateLimiting:Address:Burst", "1"));
}
