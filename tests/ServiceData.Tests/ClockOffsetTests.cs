using System.Diagnostics.Metrics;
using Explaino.ServiceData.Postgres;
using Explaino.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Explaino.ServiceData.Tests;

/// <summary>An operator is told that a clock was set.</summary>
public sealed class ClockOffsetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public async Task A_clock_that_differs_from_the_databases_is_measured(int seconds)
    {
        var clock = new TestClock();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var database = NpgsqlDataSource.Create((await PostgresServer.SharedAsync()).ConnectionString);
        using var offset = new ClockOffset(database, services.GetRequiredService<IMeterFactory>(), clock);

        clock.SetBy(TimeSpan.FromSeconds(seconds));

        Assert.InRange(await offset.MeasureAsync(CancellationToken.None), seconds - 2, seconds + 2);
    }
}
