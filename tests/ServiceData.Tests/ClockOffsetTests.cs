using System.Diagnostics.Metrics;
using Explaino.ServiceData.Postgres;
using Explaino.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Explaino.ServiceData.Tests;

/// <summary>An operator is told that a clock was set.</summary>
public sealed class ClockOffsetTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public async Task A_clock_that_differs_from_the_databases_is_measured(int seconds)
    {
        var clock = new TestClock();
        clock.SetBy(TimeSpan.FromSeconds(seconds));

        Assert.InRange(await MeasureAsync(clock), seconds - 2, seconds + 2);
    }

    /// <summary>The first question opens a connection, which takes seconds where a machine is busy: no clock is off for that.</summary>
    [Fact]
    public async Task A_database_that_answers_late_is_no_clock_that_differs() => Assert.Equal(0, await MeasureAsync(new LateClock(Slow)));

    private static async Task<double> MeasureAsync(TimeProvider clock)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var database = NpgsqlDataSource.Create((await PostgresServer.SharedAsync()).ConnectionString);
        await (await database.OpenConnectionAsync()).CloseAsync(); // Which may take seconds, and is kept.
        using var offset = new ClockOffset(database, services.GetRequiredService<IMeterFactory>(), clock);
        return await offset.MeasureAsync(CancellationToken.None);
    }

    /// <summary>A clock that has gone on by so much whenever it is read again, as if what lies between had taken as long.</summary>
    private sealed class LateClock(TimeSpan delay) : TimeProvider
    {
        private TimeSpan _gone = TimeSpan.Zero;

        public override DateTimeOffset GetUtcNow()
        {
            var now = base.GetUtcNow() + _gone;
            _gone += delay;
            return now;
        }
    }
}
