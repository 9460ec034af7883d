using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Explaino.ServiceData.Postgres;

/// <summary>Clock offset: by how much this process's clock differs from its database's. What people are shown, and what expires for all, goes by clocks; this is what to alert on.</summary>
internal sealed class ClockOffset : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _clock;
    private double _seconds;

    public ClockOffset(NpgsqlDataSource database, IMeterFactory meters, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        meters.Create("Explaino.Clock").CreateObservableGauge("explaino.clock.offset", () => _seconds, "s", "By how much this process's clock is ahead of its database's.");
    }

    /// <returns>How far this process's clock is ahead at least, in seconds: 0 where the database's time lies between question and answer, however long these took.</returns>
    internal async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT clock_timestamp()");
        var asked = _clock.GetUtcNow();
        var told = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        var answered = _clock.GetUtcNow();
        return _seconds = (told < asked ? asked - told : told > answered ? answered - told : TimeSpan.Zero).TotalSeconds;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await MeasureAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // That the database is away is said by others.
            }
        }
    }
}
