namespace Explaino.Trust.Tests;

/// <summary>Sums measured times up.</summary>
internal static class Figure
{
    /// <summary>The time that so many percent of them stay below or at.</summary>
    public static TimeSpan Percentile(IEnumerable<TimeSpan> times, int percent)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
    }
}
