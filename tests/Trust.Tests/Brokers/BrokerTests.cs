using System.Diagnostics;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Brokers;

/// <summary>One of three nodes of RabbitMQ dies, is restarted, is cut off or falls silent while people work: no event is lost, and none has two effects.</summary>
public sealed class BrokerTests(BrokerSystem system) : IClassFixture<BrokerSystem>
{
    private const string Area = "Brokers";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    private static readonly (Service Service, string Table)[] Consumers =
        [(Service.Wallet, "points_wallets WHERE user_id"), (Service.Profile, "people WHERE id"), (Service.Jobs, "people WHERE id"), (Service.Chat, "people WHERE id")];

    private static readonly Trouble[] Troubles =
    [
        new("killed", node => node.Server.KillAsync(), node => node.Server.StartAsync()),
        new("restarted, one after the other", node => node.Server.StopAsync(), node => node.Server.StartAsync()),
        new("cut off from the others", node => Do(node.CutOff), node => Do(node.Heal)),
        new("silent to all", node => Do(node.FallSilent), node => Do(node.Heal)),
    ];

    [Fact]
    public async Task Whatever_happens_to_one_node_of_three_no_event_is_lost_and_none_has_two_effects()
    {
        await using var ledger = new EventLedger(system);
        await system.Cluster.WholeAsync(system.Broker);
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        await load.History.RecoverAsync();
        await ConsumedByAllAsync(ledger); // The first answer takes the test seconds: it reads the documents.
        var recoveries = new List<(string Trouble, TimeSpan Consumed, TimeSpan Writes)>();

        foreach (var (number, trouble) in Troubles.Index())
        {
            for (var round = 0; round < Scale.Of(test: 1, shortRun: 3, longRun: 9); round++)
            {
                var node = system.Cluster.Nodes[(number + round) % system.Cluster.Nodes.Count];
                await trouble.Begin(node);
                var writes = load.History.RecoverAsync();
                recoveries.Add((trouble.Name, await ConsumedByAllAsync(ledger), (await writes).Writes));
                await trouble.End(node);
                await system.Cluster.WholeAsync(system.Broker);
            }
        }

        await load.StopAsync();
        var missing = await ledger.MissingAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);

        await RecordAsync(load.History, recoveries, ledger, missing, complaints);
        Assert.Empty(missing);
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(complaints);
        Assert.All(recoveries, recovery => Assert.True(recovery.Consumed < Promised, string.Join('\n', recoveries)));
    }

    /// <returns>How long it takes until every service has consumed the event of somebody who registers now.</returns>
    private async Task<TimeSpan> ConsumedByAllAsync(EventLedger ledger)
    {
        var since = Stopwatch.GetTimestamp();
        var registered = (await system.RegisterAsync()).Id;
        foreach (var (service, table) in Consumers)
        {
            await Eventually.TrueAsync(() => ledger.IsTrueAsync(service, $"EXISTS (SELECT FROM {table} = $1)", registered), TimeSpan.FromMinutes(2));
        }

        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task RecordAsync(
        History history, List<(string Trouble, TimeSpan Consumed, TimeSpan Writes)> recoveries, EventLedger ledger, IReadOnlyList<string> missing,
        IReadOnlyList<string> complaints)
    {
        Figures.Record(Area, "events, each with up to four consumers", $"{await ledger.CountAsync()}");
        Figures.Record(Area, "events lost", $"{missing.Count}");
        Figures.Record(Area, "writes acknowledged", $"{history.Acknowledged}");
        Figures.Record(Area, "writes lost or doubled", $"{complaints.Count}");
        Figures.Record(Area, "answers of 503 with Retry-After; other answers", $"{history.Unavailable}; {history.Violations.Count}");
        foreach (var of in recoveries.GroupBy(recovery => recovery.Trouble))
        {
            Figures.Record(
                Area, $"a node {of.Key}, at most, s: consumed by all again / writes again",
                $"{of.Max(one => one.Consumed).TotalSeconds:F1} / {of.Max(one => one.Writes).TotalSeconds:F1}");
        }
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private sealed record Trouble(string Name, Func<RabbitMqNode, Task> Begin, Func<RabbitMqNode, Task> End);
}
