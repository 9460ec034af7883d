using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Failover;

/// <summary>Streaming replication: a primary and its standby, over a <see cref="Wire"/> that can fall silent; after each failover the other one is the primary.</summary>
internal sealed class ReplicatedPair : IDisposable
{
    private readonly Dictionary<PostgresServer, Wire> _wireTo;

    private ReplicatedPair(PostgresServer primary, Wire wire, PostgresServer standby)
    {
        (Primary, Standby) = (primary, standby);
        _wireTo = new() { [primary] = wire, [standby] = new Wire("127.0.0.1", standby.Port) };
        Hosts = $"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}";
    }

    public PostgresServer Primary { get; private set; }

    public PostgresServer Standby { get; private set; }

    /// <summary>Both, as a connection string names them; the same over all failovers.</summary>
    public string Hosts { get; }

    /// <summary>What the standby hears the primary by.</summary>
    public Wire Replication => _wireTo[Primary];

    public static async Task<ReplicatedPair> StartAsync()
    {
        var primary = await PostgresServer.StartPrivateAsync();

        // The test server commits without waiting for its log; here a commit waits for it, and for the standby's.
        await primary.ExecuteAsync("ALTER ROLE ALL SET synchronous_commit = on");
        var wire = new Wire("127.0.0.1", primary.Port);
        return new(primary, wire, await PostgresServer.StartStandbyAsync(wire.Port));
    }

    /// <summary>Whether a commit waits until the standby has it; returns when the standby has all there is.</summary>
    public async Task ReplicateAsync(bool synchronously)
    {
        Replication.Heal();
        await Primary.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{(synchronously ? "*" : "")}'");
        await Primary.ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(() => IsTrueAsync(
            Primary,
            $"SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = '{(synchronously ? "sync" : "async")}' AND flush_lsn >= pg_current_wal_flush_lsn() - 100000"));
    }

    /// <summary>The operator's part of a failover: the standby becomes the primary.</summary>
    public async Task PromoteAsync()
    {
        await Standby.PromoteAsync();
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>The dead one comes back as a standby of the one that took over.</summary>
    public Task RebuildAsync()
    {
        foreach (var wire in _wireTo.Values)
        {
            wire.Heal();
        }

        return Standby.FollowAsync(Replication.Port);
    }

    public void Dispose()
    {
        foreach (var (server, wire) in _wireTo)
        {
            wire.Dispose();
            server.Dispose();
        }
    }

    public static async Task<bool> IsTrueAsync(PostgresServer server, string sql, string database = "postgres")
    {
        await using var source = SourceOf(server, database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is true;
    }

    private static NpgsqlDataSource SourceOf(PostgresServer server, string database) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, Database = database });
}
