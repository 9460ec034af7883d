using Explaino.Testing;

namespace Explaino.Trust.Tests.Brokers;

/// <summary>The whole system on three nodes of RabbitMQ; every process knows all of them.</summary>
public sealed class BrokerSystem : ExplainoSystem
{
    private RabbitMqCluster _cluster = null!;

    // Hundreds of people register: their passwords need not be hard to guess.
    protected override Dictionary<string, string?> Settings { get; } = new() { ["Passwords:MemorySize"] = "64" };

    internal RabbitMqCluster Cluster => _cluster;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _cluster.Dispose();
    }

    protected override async Task<RabbitMqServer> BrokerServerAsync() => (_cluster = await RabbitMqCluster.StartAsync()).Nodes[0].Server;

    protected override void Configure(Service service, Dictionary<string, string?> settings) => settings["ConnectionStrings:messaging"] = _cluster.ConnectionStringTo(Broker);
}
