using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>An operator sees the whole way of a registration as one trace.</summary>
[Collection(OneSystem.Name)]
public sealed class TraceTests(AppHostSystem system)
{
    [Fact]
    public async Task A_registration_is_one_trace_from_the_gateway_through_outbox_and_broker_to_the_wallets_insert()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/register")
        {
            Content = JsonContent.Create(new { email = "traced@example.org", username = "traced.one", password = GatewayUsers.Password }),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        using var response = await system.Gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        await SeenAsync(trace, "gateway", "http.route");
        await SeenAsync(trace, "identity", "POST /api/auth/register");
        await SeenAsync(trace, "identity", "explaino.user-created.v1 send");
        await SeenAsync(trace, "wallet", "wallet-service.user-created receive");
        await SeenAsync(trace, "wallet", "INSERT INTO points_wallets");
    }

    private Task SeenAsync(ActivityTraceId trace, string service, string name) =>
        Eventually.TrueAsync(() => system.Collector.HasSpan(trace, service, name), TimeSpan.FromSeconds(20), $"{service}: {name}");
}
