using System.Diagnostics;
using Explaino.Testing;

namespace Explaino.Security.Tests.Limits;

/// <summary>Connections that are held rather than used.</summary>
public sealed class ConnectionTests(SecuritySystem system)
{
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Headers_that_drip_are_not_waited_for()
    {
        await using var meanwhile = await Meanwhile.StartAsync(system);

        var waits = await DripAsync(Scale.Of(100, 300, 1_000), "GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nX-", "a"u8.ToArray());

        Figures.Record("Limits", "slow headers: connections, cut after at most", $"{waits.Count}, {waits.Max().TotalSeconds:F0} s");
        Assert.True(waits.Max() < TimeSpan.FromSeconds(30), $"The slowest was kept for {waits.Max()}.");
        await meanwhile.EndAsync("slow headers");
    }

    [Fact]
    public async Task A_body_that_drips_is_not_waited_for()
    {
        await using var meanwhile = await Meanwhile.StartAsync(system);
        const string Start = "POST /api/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";

        var waits = await DripAsync(Scale.Of(100, 300, 1_000), Start, " "u8.ToArray());

        Figures.Record("Limits", "slow bodies: connections, cut after at most", $"{waits.Count}, {waits.Max().TotalSeconds:F0} s");
        Assert.True(waits.Max() < TimeSpan.FromSeconds(40), $"The slowest was kept for {waits.Max()}.");
        await meanwhile.EndAsync("slow bodies");
    }

    [Fact]
    public async Task Thousands_of_silent_connections_leave_room_for_others()
    {
        var count = Scale.Of(test: 500, shortRun: 2_000, longRun: 10_000);
        await using var meanwhile = await Meanwhile.StartAsync(system);
        var wires = new List<Wire>();

        try
        {
            for (var number = 0; number < count; number++)
            {
                wires.Add(await Wire.ConnectAsync(system.Gateway.BaseAddress!));
                if (number % 2 == 0)
                {
                    await wires[^1].SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");
                }
            }

            // The last one is served like the first.
            await wires[^1].SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", (await wires[^1].ReadAsync(TimeSpan.FromSeconds(20))).Text, StringComparison.Ordinal);
        }
        finally
        {
            wires.ForEach(wire => wire.Dispose());
        }

        Figures.Record("Limits", "silent connections held at once", $"{count}");
        await meanwhile.EndAsync("silent connections");
    }

    /// <summary>One byte a second on each connection, until it is cut; gives how long that took.</summary>
    private async Task<IReadOnlyList<TimeSpan>> DripAsync(int connections, string start, byte[] drop)
    {
        return await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var wire = await Wire.ConnectAsync(system.Gateway.BaseAddress!);
            using var pause = new PeriodicTimer(Drip);
            var began = Stopwatch.GetTimestamp();
            await wire.SendAsync(start);
            var reading = wire.ReadAsync(TimeSpan.FromSeconds(60));
            while (!reading.IsCompleted && await wire.TrySendAsync(drop))
            {
                await Task.WhenAny(reading, pause.WaitForNextTickAsync().AsTask());
            }

            return Stopwatch.GetElapsedTime(began);
        }));
    }
}
