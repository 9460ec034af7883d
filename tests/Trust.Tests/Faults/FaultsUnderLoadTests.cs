using System.Diagnostics;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Faults;

/// <summary>Everything dies by SIGKILL, again and again, while people work: what was acknowledged stays, and happened once.</summary>
public sealed class FaultsUnderLoadTests(WiredSystem system)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Whatever_is_killed_no_acknowledged_write_is_lost_and_none_happens_twice()
    {
        var rounds = Scale.Of(test: 1, shortRun: 2, longRun: 4);
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        await load.History.RecoverAsync();
        var recoveries = new List<(string Name, TimeSpan Away, Recovery Recovery)>();

        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, kill, start) in Deaths())
            {
                load.History.GatewayIsAway = name == Service.Gateway.Name;
                var killed = Stopwatch.GetTimestamp();
                await kill();
                await start();
                var away = Stopwatch.GetElapsedTime(killed);
                recoveries.Add((name, away, await load.History.RecoverAsync()));
                load.History.GatewayIsAway = false;
            }

            await system.VerifyWalletsAsync();
        }

        await load.StopAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
        await system.VerifyWalletsAsync();

        Record(load, recoveries, complaints);
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(complaints);
        Assert.True(Figure.Percentile(recoveries.Select(fault => fault.Recovery.Writes), 95) < Promised, string.Join('\n', recoveries));
    }

    private IEnumerable<(string Name, Func<Task> Kill, Func<Task> Start)> Deaths()
    {
        foreach (var service in ExplainoSystem.All)
        {
            yield return (service.Name, system[service].KillAsync, system[service].StartAsync);
        }

        yield return (WiredSystem.TheBroker, system.RabbitMq.KillAsync, system.RabbitMq.StartAsync);
        yield return (WiredSystem.TheDatabase, system.Postgres.KillAsync, system.Postgres.StartAsync);
    }

    private static void Record(MixedLoad load, List<(string Name, TimeSpan Away, Recovery Recovery)> recoveries, IReadOnlyList<string> complaints)
    {
        const string Area = "Faults";
        Figures.Record(Area, "processes and servers killed", $"{recoveries.Count}");
        Figures.Record(Area, "writes acknowledged", $"{load.History.Acknowledged}");
        Figures.Record(Area, "acknowledged writes lost", $"{complaints.Count(complaint => complaint.StartsWith("lost", StringComparison.Ordinal))}");
        Figures.Record(Area, "writes doubled", $"{complaints.Count(complaint => complaint.StartsWith("doubled", StringComparison.Ordinal))}");
        Figures.Record(Area, "answers of 503 with Retry-After", $"{load.History.Unavailable}");
        Figures.Record(Area, "other answers", $"{load.History.Violations.Count}");
        Figures.Record(Area, "slowest answer, s", $"{load.History.Slowest.TotalSeconds:F1}");
        Figures.Record(
            Area,
            "writes succeed again after the restart, p95, s",
            $"{Figure.Percentile(recoveries.Select(fault => fault.Recovery.Writes), 95).TotalSeconds:F1}");
        foreach (var fault in recoveries.GroupBy(fault => fault.Name))
        {
            Figures.Record(
                Area,
                $"{fault.Key} killed, at most, s: away / writes / events again",
                $"{fault.Max(one => one.Away).TotalSeconds:F1} / {fault.Max(one => one.Recovery.Writes).TotalSeconds:F1} / {fault.Max(one => one.Recovery.Events).TotalSeconds:F1}");
        }
    }
}
