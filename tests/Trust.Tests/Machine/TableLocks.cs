using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Machine;

/// <summary>A client that holds the table of each service which its calls need, so that they wait, each with a connection of its pool.</summary>
internal sealed class TableLocks(MachineSystem system) : IAsyncDisposable
{
    private static readonly (Service Service, string Table)[] Tables =
        [(Service.Identity, "users"), (Service.Wallet, "points_wallets"), (Service.Profile, "people"), (Service.Jobs, "job_posts"), (Service.Chat, "messages")];

    private readonly List<NpgsqlConnection> _connections = [];

    public async Task TakeAsync()
    {
        foreach (var (service, table) in Tables)
        {
            var connection = new NpgsqlConnection($"{system.Databases[service].SuperuserConnectionString};Pooling=false");
            _connections.Add(connection);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Whether all connections of a service wait.</summary>
    public Task<bool> HoldAWholePoolAsync() => system.IsTrueAsync(
        Service.Identity,
        $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' GROUP BY usename HAVING count(*) >= {MachineSystem.PoolSize})");

    public async Task ReleaseAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _connections.Clear();
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync();
}
