namespace Explaino.Testing;

/// <summary>
/// Theil–Sen estimator: how a noisy series rises, by the median slope between its points, which outliers do not move; and by how much it rises at least, which
/// is nothing as long as noise explains it.
/// </summary>
/// <param name="Level">The median.</param>
/// <param name="Rise">From the first point to the last one.</param>
/// <param name="LeastRise">The lower end of the interval that has the true rise in 99 of 100 cases (by Kendall's variance); 0 if that end is below.</param>
public sealed record Trend(double Level, double Rise, double LeastRise)
{
    // Samples that follow one another closely say the same: what is compared is the median of each of so many parts.
    private const int Parts = 24;

    // The standard normal distribution's, for 99 of 100 on one side.
    private const double Deviations = 2.326;

    /// <summary>Of samples in the order of their times.</summary>
    public static Trend Of(IReadOnlyList<(TimeSpan At, double Value)> samples)
    {
        if (samples.Count < Parts)
        {
            throw new ArgumentException($"A trend needs at least {Parts} samples, not {samples.Count}.", nameof(samples));
        }

        var points = Enumerable.Range(0, Parts).Select(part => MedianOf(samples, samples.Count * part / Parts, samples.Count * (part + 1) / Parts)).ToList();
        List<double> slopes =
        [
            .. from later in Enumerable.Range(1, Parts - 1)
               from earlier in Enumerable.Range(0, later)
               select (points[later].Value - points[earlier].Value) / (points[later].At - points[earlier].At).TotalSeconds,
        ];
        slopes.Sort();
        var deviation = Math.Sqrt(Parts * (Parts - 1) * (2 * Parts + 5) / 18.0);
        var lower = slopes[(int)((slopes.Count - Deviations * deviation) / 2)];
        var seconds = (samples[^1].At - samples[0].At).TotalSeconds;
        return new(Median([.. samples.Select(sample => sample.Value)]), Median(slopes) * seconds, Math.Max(0, lower * seconds));
    }

    private static (TimeSpan At, double Value) MedianOf(IReadOnlyList<(TimeSpan At, double Value)> samples, int from, int to)
    {
        var part = samples.Take(from..to).ToList();
        return (TimeSpan.FromSeconds(Median([.. part.Select(sample => sample.At.TotalSeconds)])), Median([.. part.Select(sample => sample.Value)]));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
