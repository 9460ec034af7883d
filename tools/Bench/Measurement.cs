using System.Diagnostics;

namespace Explaino.Bench;

/// <summary>Runs the limit and the path in turns, so that what else happens on the machine happens to both.</summary>
/// <param name="yardstick">Something that no amount of data makes slower.</param>
internal sealed class Measurement(BenchSystem system, Options options, Func<TimeSpan, Sample> yardstick)
{
    private const int SlicesWithoutGain = 4;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public Measured Of(Row row)
    {
        row.Against(Slice);
        WarmUp(row.Product);
        var pairs = Enumerable.Range(0, options.Runs).Select(_ => (Limit: row.Against(options.Duration), Product: WithCpu(row.Product))).ToList();
        if (pairs.Sum(pair => pair.Limit.Errors) is > 0 and var errors)
        {
            // What refuses is quick: a ratio to it would say anything.
            throw new InvalidOperationException($"{row.Name}: its limit, {row.Limit}, failed {errors} times.");
        }

        return new(
            row,
            Median([.. pairs.Select(pair => pair.Product)]),
            Median([.. pairs.Select(pair => pair.Limit)]),
            pairs.Select(pair => pair.Product.PerSecond / pair.Limit.PerSecond).Median());
    }

    /// <summary>The path beside the yardstick: two such figures can be compared, however fast the machine was meanwhile.</summary>
    public double BesideYardstick(Row row)
    {
        WarmUp(row.Product);
        return Enumerable.Range(0, options.Runs).Select(_ => row.Product(options.Duration).PerSecond / yardstick(options.Duration).PerSecond).Median();
    }

    // The runtime compiles what is called often twice more, beside the load and better each time: a path is warm when it gets no faster.
    private void WarmUp(Func<TimeSpan, Sample> run)
    {
        var (from, best, slices) = (Stopwatch.GetTimestamp(), 0.0, 0);
        while (slices < SlicesWithoutGain && Stopwatch.GetElapsedTime(from) < options.LongestWarmUp)
        {
            var rate = run(Slice).PerSecond;
            slices = rate > best * 1.03 ? 0 : slices + 1;
            best = Math.Max(best, rate);
        }
    }

    private Sample WithCpu(Func<TimeSpan, Sample> run)
    {
        var (before, from) = (system.CpuTime(), Stopwatch.GetTimestamp());
        var sample = run(options.Duration);
        var used = system.CpuTime() - before;
        return sample with { Cpu = used.TotalSeconds / (sample.PerSecond * Stopwatch.GetElapsedTime(from).TotalSeconds) * 1000 };
    }

    private static Sample Median(List<Sample> samples) => new(
        samples.Select(sample => sample.PerSecond).Median(),
        samples.Select(sample => sample.P50).Median(),
        samples.Select(sample => sample.P99).Median(),
        samples.Sum(sample => sample.Errors),
        samples.Select(sample => sample.Cpu).Median());
}
