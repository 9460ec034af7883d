using Explaino.Testing;

namespace Explaino.Trust.Tests.Brokers;

/// <summary>A node's machine is lost with its disk, and an empty one takes its place; and the checker notices what only that machine had.</summary>
public sealed class LostMachineTests(BrokerSystem system) : IClassFixture<BrokerSystem>
{
    [Fact]
    public async Task What_a_queue_without_replicas_had_on_a_lost_machine_is_noticed()
    {
        await using var ledger = new EventLedger(system);
        var lost = system.Cluster.Nodes[1];
        await system.Cluster.WholeAsync(system.Broker);
        var replicated = await ShadowQueue.BindAsync(system, "user-created.v1", "quorum", lost);
        var single = await ShadowQueue.BindAsync(system, "user-created.v1", "classic", lost);
        var before = await ledger.RegisteredAsync();
        for (var people = 0; people < 20; people++)
        {
            await system.RegisterAsync();
        }

        var published = EventLedger.Missing(await ledger.RegisteredAsync(), before).ToList();
        Assert.Empty(await ledger.MissingAsync());
        await lost.Server.LoseAsync();
        var (kept, gone) = (EventLedger.Missing(published, await replicated.ReadAsync()).ToList(), EventLedger.Missing(published, await single.ReadAsync()).ToList());
        await system.Cluster.ReplaceAsync(lost);
        await replicated.DeleteAsync();
        await system.Cluster.WholeAsync(system.Broker);

        Figures.Record("Brokers", "machine lost with its disk: events lost of quorum queues; of a queue without replicas", $"{kept.Count} of {published.Count}; {gone.Count}");
        Assert.Equal(20, published.Count);
        Assert.Empty(kept);
        Assert.Equal(published, gone);
        Assert.Empty(await ledger.MissingAsync());
    }
}
