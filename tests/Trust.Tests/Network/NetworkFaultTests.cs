using System.Diagnostics;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Network;

/// <summary>The network between processes gets slow, loses connections, and falls silent: nothing is lost or doubled, and nobody waits without end.</summary>
public sealed class NetworkFaultTests(WiredSystem system)
{
    private const string Area = "Network faults";
    private static readonly string[] Links = [WiredSystem.TheDatabase, WiredSystem.TheBroker, Service.Identity.Name, Service.Wallet.Name, Service.Chat.Name];

    // The gateway gives a service 30 seconds; its clients hear from it soon after.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(33);

    private readonly List<(string Link, string Trouble, TimeSpan Slowest, Recovery Recovery)> _faults = [];

    [Fact]
    public async Task Whatever_happens_between_processes_no_acknowledged_write_is_lost_and_nobody_waits_without_end()
    {
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        await load.History.RecoverAsync();

        for (var round = 0; round < Scale.Of(test: 1, shortRun: 1, longRun: 3); round++)
        {
            foreach (var link in Links)
            {
                var wires = system.WiresTo(link);
                await EndureAsync(load.History, link, "slow", wires, wire => wire.Delay = TimeSpan.FromMilliseconds(50), history => history.RecoverAsync());
                await EndureAsync(load.History, link, "cut", wires, wire => wire.Cut(), _ => Task.CompletedTask);
                await EndureAsync(load.History, link, "silent", wires, wire => wire.FallSilent(), AnsweredAsync);
            }

            await system.VerifyWalletsAsync();
        }

        await load.StopAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);

        Record(load.History, complaints);
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(complaints);
        Assert.True(_faults.All(fault => fault.Slowest < Bound), string.Join('\n', _faults));
    }

    private async Task EndureAsync(History history, string link, string trouble, IReadOnlyList<Wire> wires, Action<Wire> begin, Func<History, Task> meanwhileAsync)
    {
        history.ForgetSlowest();
        try
        {
            foreach (var wire in wires)
            {
                begin(wire);
            }

            await meanwhileAsync(history);
        }
        finally
        {
            foreach (var wire in wires)
            {
                wire.Heal();
            }
        }

        var recovery = await history.RecoverAsync();
        _faults.Add((link, trouble, history.Slowest, recovery));
    }

    /// <summary>Silence ends when the system has said what it makes of it: it refuses, or everything goes on without.</summary>
    private static Task AnsweredAsync(History history)
    {
        var (refused, since) = (history.Unavailable, Stopwatch.GetTimestamp());
        var goesOn = history.AgainAsync(Enum.GetValues<Kind>().Where(kind => kind != Kind.Event), since);
        return Eventually.TrueAsync(() => history.Unavailable > refused || goesOn.IsCompletedSuccessfully, Bound);
    }

    private void Record(History history, IReadOnlyList<string> complaints)
    {
        Figures.Record(Area, "delays, cuts and partitions", $"{_faults.Count}");
        Figures.Record(Area, "writes acknowledged", $"{history.Acknowledged}");
        Figures.Record(Area, "lost or doubled", $"{complaints.Count}");
        Figures.Record(Area, "answers of 503 with Retry-After", $"{history.Unavailable}");
        Figures.Record(Area, "other answers", $"{history.Violations.Count}");
        foreach (var fault in _faults.GroupBy(fault => $"{fault.Trouble} {fault.Link}"))
        {
            Figures.Record(
                Area,
                $"{fault.Key}, at most, s: slowest answer / writes / events again",
                $"{fault.Max(one => one.Slowest).TotalSeconds:F1} / {fault.Max(one => one.Recovery.Writes).TotalSeconds:F1} / {fault.Max(one => one.Recovery.Events).TotalSeconds:F1}");
        }
    }
}
