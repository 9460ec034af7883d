using System.Net.Http.Json;
using System.Text.Json;

namespace Explaino.Testing;

/// <summary>RabbitMQ cluster of three nodes, each with a <see cref="Wire"/> to every other one and one for all clients.</summary>
public sealed class RabbitMqCluster : IDisposable
{
    private static readonly string[] Names = ["one", "two", "three"];

    private readonly List<NodeName> _names = [];

    private RabbitMqCluster(IReadOnlyList<RabbitMqNode> nodes, IEnumerable<NodeName> names)
    {
        Nodes = nodes;
        _names.AddRange(names);
    }

    public IReadOnlyList<RabbitMqNode> Nodes { get; }

    public static async Task<RabbitMqCluster> StartAsync()
    {
        // Those of each: AMQP, and the three after it, as deploy/local/rabbitmq has them.
        var first = FreePorts.Find(4 * Names.Length);
        var ports = Names.Index().ToDictionary(each => each.Item, each => first + 4 * each.Index);
        var wires = Names.SelectMany(from => Names.Where(to => to != from).Select(to => (From: from, To: to)))
            .ToDictionary(way => way, way => new Wire("127.0.0.1", ports[way.To] + 1));
        var names = wires.Select(way => new NodeName(way.Key.To, way.Value.Port, ports[way.Key.From] + 2)).ToList();
        var cookie = $"{Guid.CreateVersion7():n}";
        var nodes = new List<RabbitMqNode>();
        foreach (var name in Names)
        {
            var server = await RabbitMqServer.StartNodeAsync(ports[name], ("NODES", string.Join(' ', Names)), ("NODE", name), ("COOKIE", cookie));
            nodes.Add(new(name, server, new Wire("127.0.0.1", ports[name]), [.. wires.Where(way => way.Key.From == name || way.Key.To == name).Select(way => way.Value)]));
        }

        var cluster = new RabbitMqCluster(nodes, names);
        await cluster.WholeAsync(queuesOf: null);
        return cluster;
    }

    /// <summary>What services find in ConnectionStrings:messaging: all nodes, each behind its wire.</summary>
    public string ConnectionStringTo(VirtualHost host) => ConnectionStringOf(host, node => node.Clients.Port);

    /// <summary>The same over no wire.</summary>
    public string DirectConnectionStringTo(VirtualHost host) => ConnectionStringOf(host, node => node.Server.Address.Port);

    /// <summary>Waits until every node runs, and every quorum queue of this host is on all of them.</summary>
    public Task WholeAsync(VirtualHost? queuesOf) => Eventually.TrueAsync(
        async () =>
        {
            foreach (var node in Nodes)
            {
                if (!await IsWholeAsync(node, queuesOf))
                {
                    return false;
                }
            }

            return true;
        },
        TimeSpan.FromMinutes(2));

    /// <summary>The operator's part when a machine is lost: the others forget it, and an empty one takes its place.</summary>
    public async Task ReplaceAsync(RabbitMqNode lost)
    {
        var other = Nodes.First(node => node != lost);
        await RunAsync("rabbitmq-queues", "shrink", lost.ErlangName);
        await RunAsync("rabbitmqctl", "forget_cluster_node", lost.ErlangName);
        await lost.Server.StartAsync();
        await RunAsync("rabbitmq-queues", "grow", lost.ErlangName, "all");

        Task RunAsync(string program, params string[] arguments) => other.Server.RunAsync(program, other.ErlangName, arguments);
    }

    public void Dispose()
    {
        _names.ForEach(name => name.Dispose());
        foreach (var node in Nodes)
        {
            node.Dispose();
        }
    }

    private string ConnectionStringOf(VirtualHost host, Func<RabbitMqNode, int> port) =>
        $"amqp://explaino:explaino@{string.Join(',', Nodes.Select(node => $"127.0.0.1:{port(node)}"))}/{host.Name}";

    private static async Task<bool> IsWholeAsync(RabbitMqNode node, VirtualHost? host)
    {
        try
        {
            var members = await ListAsync(node, "/api/nodes?columns=name,running,partitions");
            var queues = host is null ? [] : await ListAsync(node, $"/api/queues/{host.Name}?columns=name,type,online");
            return members.Count(member => member.GetProperty("running").GetBoolean() && member.GetProperty("partitions").GetArrayLength() == 0) == Names.Length
                && queues.Where(queue => queue.GetProperty("type").ValueEquals("quorum")).All(queue => queue.GetProperty("online").GetArrayLength() == Names.Length);
        }
        catch (Exception e) when (e is HttpRequestException or KeyNotFoundException)
        {
            return false;
        }
    }

    // Not as a JsonObject, which refuses members that come twice, as some do here.
    private static async Task<List<JsonElement>> ListAsync(RabbitMqNode node, string path) =>
        [.. (await node.Server.Management.GetFromJsonAsync<JsonElement>(path)).EnumerateArray()];
}

/// <summary>A node of a <see cref="RabbitMqCluster"/>, and what leads to it.</summary>
public sealed record RabbitMqNode(string Name, RabbitMqServer Server, Wire Clients, IReadOnlyList<Wire> Peers) : IDisposable
{
    public string ErlangName => $"{Name}@localhost";

    /// <summary>A partition: the other nodes and this one hear nothing of each other.</summary>
    public void CutOff()
    {
        foreach (var wire in Peers)
        {
            wire.FallSilent();
        }
    }

    /// <summary>As a machine whose network is gone: clients hear nothing either, not even that it is.</summary>
    public void FallSilent()
    {
        CutOff();
        Clients.FallSilent();
    }

    public void Heal()
    {
        foreach (var wire in Peers.Append(Clients))
        {
            wire.Heal();
        }
    }

    public void Dispose()
    {
        foreach (var wire in Peers.Append(Clients))
        {
            wire.Dispose();
        }

        Server.Dispose();
    }
}
