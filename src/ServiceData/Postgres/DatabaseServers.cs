using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Explaino.ServiceData.Postgres;

/// <summary>
/// Multi-host data source: of the servers that a connection string names, the primary is used. Which one that is, is remembered until it is seen to be
/// wrong (docs/adr/0060).
/// </summary>
internal sealed class DatabaseServers(NpgsqlConnectionStringBuilder settings, string name, TimeProvider clock) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource _unpooled = Open(new(settings.ConnectionString) { Pooling = false }, $"{name} health");
    private long _lookedAt;

    public NpgsqlDataSource Source { get; } = Open(settings, name);

    /// <summary>No server was found that takes writes: the next connection asks all of them anew, and not each that follows, because a machine that is gone costs the whole time-out.</summary>
    public void LookAgain()
    {
        var lookedAt = Interlocked.Read(ref _lookedAt);
        if (clock.GetElapsedTime(lookedAt) > Pause && Interlocked.CompareExchange(ref _lookedAt, clock.GetTimestamp(), lookedAt) == lookedAt)
        {
            Forget();
        }
    }

    /// <summary>Ends all connections; those in use when they come back.</summary>
    public void GiveUpConnections()
    {
        Forget();
        Source.Clear();
    }

    /// <summary>By a connection of its own: that all of the pool's are in use is no reason to send everybody to the other instances.</summary>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await _unpooled.OpenConnectionAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            LookAgain();
            throw;
        }
    }

    public void Dispose()
    {
        Source.Dispose();
        _unpooled.Dispose();
    }

    private void Forget()
    {
        (Source as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
        (_unpooled as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
    }

    private static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder settings, string name) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
}
