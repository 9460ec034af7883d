using Explaino.Testing;

namespace Explaino.Security.Tests.Limits;

/// <summary>Connections that are held rather than used.</summary>
public sealed class ConnectionTests(SecuritySystem system)
{
    [Fact]
    public async Task Headers_that_drip_are_not_waited_for()
    {
        await using var meanwhile = await LoadObserver.StartAsync(system);

        var waits = await SlowClient.Headers.HoldAsync(system.Gateway.BaseAddress!, Scale.Of(100, 300, 1_000), TimeSpan.FromSeconds(60));

        Figures.Record("Limits", "slow headers: connections, cut after at most", $"{waits.Count}, {waits.Max().TotalSeconds:F0} s");
        Assert.Null(SlowClient.Complaint(waits, TimeSpan.FromSeconds(30)));
        await meanwhile.EndAsync("slow headers");
    }

    [Fact]
    public async Task A_body_that_drips_is_not_waited_for()
    {
        await using var meanwhile = await LoadObserver.StartAsync(system);

        var waits = await SlowClient.Body.HoldAsync(system.Gateway.BaseAddress!, Scale.Of(100, 300, 1_000), TimeSpan.FromSeconds(60));

        Figures.Record("Limits", "slow bodies: connections, cut after at most", $"{waits.Count}, {waits.Max().TotalSeconds:F0} s");
        Assert.Null(SlowClient.Complaint(waits, TimeSpan.FromSeconds(40)));
        await meanwhile.EndAsync("slow bodies");
    }

    [Fact]
    public async Task Thousands_of_silent_connections_leave_room_for_others()
    {
        var count = Scale.Of(test: 500, shortRun: 2_000, longRun: 10_000);
        await using var meanwhile = await LoadObserver.StartAsync(system);
        var connections = new List<BareConnection>();

        try
        {
            for (var number = 0; number < count; number++)
            {
                connections.Add(await BareConnection.ConnectAsync(system.Gateway.BaseAddress!));
                if (number % 2 == 0)
                {
                    await connections[^1].SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");
                }
            }

            // The last one is served like the first.
            await connections[^1].SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", (await connections[^1].ReadAsync(TimeSpan.FromSeconds(20))).Text, StringComparison.Ordinal);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }

        Figures.Record("Limits", "silent connections held at once", $"{count}");
        await meanwhile.EndAsync("silent connections");
    }
}
