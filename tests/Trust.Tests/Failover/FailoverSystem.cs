using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Failover;

/// <summary>The whole system on two PostgreSQL servers, of which one takes over when the other dies; every process knows both.</summary>
public sealed class FailoverSystem : ExplainoSystem
{
    private ReplicatedPair _pair = null!;

    // Hundreds of people register: their passwords need not be hard to guess.
    protected override Dictionary<string, string?> Settings { get; } = new() { ["Passwords:MemorySize"] = "64" };

    internal ReplicatedPair Servers => _pair;

    /// <summary>A setting's connection string as production has it.</summary>
    internal string ConnectionStringOf(Service service) => new NpgsqlConnectionStringBuilder(Databases[service].ConnectionString)
    {
        Host = _pair.Hosts,
        Port = NpgsqlConnection.DefaultPort,
        TargetSessionAttributes = "primary",
    }.ConnectionString;

    /// <summary>Whether this is so in a service's database, as the present primary has it.</summary>
    internal Task<bool> IsTrueAsync(Service service, string sql) => ReplicatedPair.IsTrueAsync(_pair.Primary, sql, Databases[service].Name);

    /// <summary>The operator's verb, which reaches whichever server is the primary.</summary>
    internal async Task VerifyWalletsAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            [Service.Wallet.ConnectionStringKey] = ConnectionStringOf(Service.Wallet),
            ["ConnectionStrings:messaging"] = Broker.ConnectionString,
        };
        var verdict = await ServiceVerb.RunAsync(Service.Wallet, settings, "verify");
        Assert.True(verdict.ExitCode == 0 && verdict.Output.Contains("sum 0: right", StringComparison.Ordinal), verdict.Output);
    }

    /// <summary>The databases go with their servers, whichever of them is a standby now.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _pair.Standby.StopAsync();
        await _pair.Primary.StopAsync();
        await base.DisposeAsync();
        _pair.Dispose();
    }

    protected override async Task<PostgresServer> DatabaseServerAsync() => (_pair = await ReplicatedPair.StartAsync()).Primary;

    protected override void Configure(Service service, Dictionary<string, string?> settings)
    {
        if (settings.ContainsKey(service.ConnectionStringKey))
        {
            settings[service.ConnectionStringKey] = ConnectionStringOf(service);
        }
    }
}
