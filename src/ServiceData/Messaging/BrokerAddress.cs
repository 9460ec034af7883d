using RabbitMQ.Client;

namespace Explaino.ServiceData.Messaging;

/// <summary>Broker address: the nodes of RabbitMQ's cluster, of which any will do, as <c>ConnectionStrings:messaging</c> names them.</summary>
/// <remarks><c>amqp://user:password@one:5672,two:5672,three:5672/virtual-host</c>; <c>amqps</c> for TLS; a port of its own only where it is not the usual one.</remarks>
public sealed class BrokerAddress
{
    private const string Setting = "ConnectionStrings:messaging";

    // A node that is gone without a word is given up after two of these. Below five seconds a busy machine is taken for one that is gone.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    // For each node: the next one is tried after it.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private readonly List<AmqpTcpEndpoint> _nodes;

    private BrokerAddress(List<Uri> nodes, string? fault)
    {
        (First, Fault) = (nodes[0], fault);
        _nodes = [.. nodes.Select(node => new AmqpTcpEndpoint(node, new SslOption(node.Host, enabled: node.Scheme == "amqps")))];
    }

    /// <summary>The address of the first node, for who needs one that names everything; no connection prefers it.</summary>
    internal Uri First { get; }

    /// <summary>What is wrong with it, in words that repeat nothing of it: it holds a password. What uses it is made before a service refuses to start for that.</summary>
    internal string? Fault { get; }

    /// <summary>Makes connections to any node.</summary>
    public ConnectionFactory NewFactory(string clientName)
    {
        var factory = new ConnectionFactory { Uri = First, ClientProvidedName = clientName };
        Apply(factory, NewNodes());
        return factory;
    }

    /// <summary>The same for a factory that somebody else makes.</summary>
    internal void Apply(ConnectionFactory factory, BrokerNodes nodes)
    {
        if (Fault is not null)
        {
            throw new InvalidOperationException(Fault);
        }

        factory.EndpointResolverFactory = _ => nodes;
        factory.RequestedHeartbeat = Heartbeat;
        factory.RequestedConnectionTimeout = factory.HandshakeContinuationTimeout = ConnectTimeout;
    }

    internal BrokerNodes NewNodes() => new(_nodes);

    internal static BrokerAddress Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return At($"{Setting} is not set.");
        }

        if (text.Split("://") is not [("amqp" or "amqps") and var scheme, var rest])
        {
            return Wrong("it begins with neither amqp:// nor amqps://");
        }

        var path = rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? rest[slash..] : "";
        var authority = rest[..^path.Length];
        var hosts = authority.LastIndexOf('@') + 1;
        var nodes = new List<Uri>();
        foreach (var (index, host) in authority[hosts..].Split(',').Index())
        {
            if (!Uri.TryCreate($"{scheme}://{authority[..hosts]}{host.Trim()}{path}", UriKind.Absolute, out var node) || node.Host.Length == 0)
            {
                return Wrong($"its host number {index + 1} is no host, or no host:port");
            }

            nodes.Add(node);
        }

        return new(nodes, fault: null);

        static BrokerAddress Wrong(string reason) => At($"{Setting} is not of the form amqp://user:password@one:5672,two:5672/virtual-host: {reason}.");

        static BrokerAddress At(string fault) => new([new("amqp://localhost")], fault);
    }
}

/// <summary>Endpoint resolver: a random node first, so that the instances spread over all; each time the one after it, which is not the one that has just failed.</summary>
internal sealed class BrokerNodes(IReadOnlyList<AmqpTcpEndpoint> nodes) : IEndpointResolver
{
    private int _next = Random.Shared.Next(nodes.Count);

    public IEnumerable<AmqpTcpEndpoint> All()
    {
        var first = (int)((uint)Interlocked.Increment(ref _next) % nodes.Count);
        return [.. nodes.Skip(first), .. nodes.Take(first)];
    }
}
