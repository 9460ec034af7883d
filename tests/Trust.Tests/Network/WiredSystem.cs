using Explaino.Testing;
using Explaino.Trust.Tests.Network;
using Npgsql;

[assembly: AssemblyFixture(typeof(WiredSystem))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Explaino.Trust.Tests.Network;

/// <summary>
/// The whole system with servers of its own, and a <see cref="Wire"/> between every process and whatever it needs. One for all tests: each brings
/// people of its own, and leaves everything running.
/// </summary>
public class WiredSystem : ExplainoSystem
{
    public const string TheDatabase = "database";
    public const string TheBroker = "broker";

    private readonly Dictionary<(Service From, string To), Wire> _wires = [];
    private PostgresServer _postgres = null!;
    private RabbitMqServer _rabbitMq = null!;

    // Hundreds of people register: their passwords need not be hard to guess.
    protected override Dictionary<string, string?> Settings { get; } = new() { ["Passwords:MemorySize"] = "64" };

    /// <summary>What the database server's script is told.</summary>
    protected virtual (string Name, string Value)[] DatabaseVariables => [];

    internal PostgresServer Postgres => _postgres;

    internal RabbitMqServer RabbitMq => _rabbitMq;

    /// <summary>The wires that lead to this database, broker or service, from all who use it.</summary>
    internal IReadOnlyList<Wire> WiresTo(string name) => [.. _wires.Where(wire => wire.Key.To == name).Select(wire => wire.Value)];

    internal IReadOnlyList<Wire> WiresFrom(Service service, string to) => [.. _wires.Where(wire => wire.Key == (service, to)).Select(wire => wire.Value)];

    /// <summary>The operator's verb, over no wire.</summary>
    internal async Task VerifyWalletsAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            [Service.Wallet.ConnectionStringKey] = Databases[Service.Wallet].ConnectionString,
            ["ConnectionStrings:messaging"] = Broker.ConnectionString,
        };
        var verdict = await ServiceVerb.RunAsync(Service.Wallet, settings, "verify");
        Assert.True(verdict.ExitCode == 0 && verdict.Output.Contains("sum 0: right", StringComparison.Ordinal), verdict.Output);
    }

    protected override async Task<PostgresServer> DatabaseServerAsync()
    {
        _postgres = await PostgresServer.StartPrivateAsync(DatabaseVariables);

        // The test server commits without waiting for its log; here a commit that was acknowledged must survive SIGKILL.
        await _postgres.ExecuteAsync("ALTER ROLE ALL SET synchronous_commit = on");
        return _postgres;
    }

    protected override async Task<RabbitMqServer> BrokerServerAsync() => _rabbitMq = await RabbitMqServer.StartPrivateAsync();

    protected override void Configure(Service service, Dictionary<string, string?> settings)
    {
        if (settings.TryGetValue(service.ConnectionStringKey, out var connectionString))
        {
            var database = new NpgsqlConnectionStringBuilder(connectionString);
            database.Port = Lay(service, TheDatabase, database.Host!, database.Port);
            settings[service.ConnectionStringKey] = database.ConnectionString;
        }

        var broker = new UriBuilder(settings["ConnectionStrings:messaging"]!);
        broker.Port = Lay(service, TheBroker, broker.Host, broker.Port);
        settings["ConnectionStrings:messaging"] = broker.Uri.AbsoluteUri;

        foreach (var (key, value) in settings.Where(setting => setting.Key.StartsWith("services:", StringComparison.Ordinal)).ToList())
        {
            var peer = new UriBuilder(value!);
            peer.Port = Lay(service, key.Split(':')[1], peer.Host, peer.Port);
            settings[key] = peer.Uri.AbsoluteUri.TrimEnd('/');
        }
    }

    private int Lay(Service from, string to, string host, int port)
    {
        var wire = new Wire(host, port);
        _wires.Add((from, to), wire);
        return wire.Port;
    }
}
