namespace Explaino.Bench;

/// <summary>What one run came to; times in milliseconds, CPU in seconds per thousand requests.</summary>
internal sealed record Sample(double PerSecond, double P50 = 0, double P99 = 0, long Errors = 0, double Cpu = 0)
{
    public static Sample Of(List<double> milliseconds, TimeSpan duration, long errors)
    {
        milliseconds.Sort();
        return new(milliseconds.Count / duration.TotalSeconds, milliseconds.Quantile(0.5), milliseconds.Quantile(0.99), errors);
    }
}

internal static class Quantiles
{
    public static double Quantile(this List<double> sorted, double part) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];

    public static double Median(this IEnumerable<double> values) => values.Order().ToList().Quantile(0.5);
}
