extern alias bench;

using bench::Explaino.Bench.Scale;

namespace Explaino.Testing.Tests;

/// <summary>The queueing station of the scale model, held against what queueing theory says.</summary>
public sealed class StationTests
{
    private const int Requests = 400_000;

    [Theory]
    [InlineData(1, 0.5, 2)] // M/M/1: 1 / (1 - utilization)
    [InlineData(1, 0.8, 5)]
    [InlineData(2, 0.8, 2.778)] // M/M/2: 1 / (1 - utilization²)
    [InlineData(4, 0.6, 1.179)] // M/M/4, by Erlang's formula C
    public void Poisson_arrivals_with_exponential_work_take_as_long_as_Erlang_says(int cores, double utilization, double meanTime)
    {
        var random = new Random(20261127);
        var (now, arrivals, work) = (0d, new double[Requests], new double[Requests]);
        for (var request = 0; request < Requests; request++)
        {
            arrivals[request] = now += Exponential(random) / (utilization * cores);
            work[request] = Exponential(random);
        }

        var done = (double[])arrivals.Clone();
        Station.Serve(done, work, cores);

        Assert.InRange(done.Zip(arrivals, (end, begin) => end - begin).Average() / meanTime, 0.95, 1.05);
    }

    [Fact]
    public void Who_comes_first_is_served_first_and_who_needs_nothing_passes_by()
    {
        double[] times = [0.2, 0, 0.1, 0.15];

        Station.Serve(times, [1, 1, 1, 0], cores: 1);

        Assert.Equal([3, 1, 2, 0.15], times);
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());
}
