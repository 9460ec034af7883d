namespace Explaino.Bench.Figures;

/// <summary>What the processes take of time and memory.</summary>
internal static class ProcessFigures
{
    public static IEnumerable<Figure> Of(BenchSystem system)
    {
        yield return new(
            "start, one process at a time",
            string.Join(", ", system.Starts.Select(start => $"{start.Key} {start.Value.TotalSeconds:F1} s")),
            "each < 2 s",
            system.Starts.Values.All(start => start < TimeSpan.FromSeconds(2)));
        var memory = system.MemoryMegabytes(BenchSystem.Processes);
        var kinds = string.Join(", ", Enum.GetValues<Memory>().Skip(1).Select(kind =>
            $"{kind.ToString().ToLowerInvariant()} {system.MemoryMegabytes(kind, BenchSystem.Processes):F0}"));
        yield return new("memory of the six processes after all this", $"{memory:F0} MB ({kinds})", "≤ 750 MB", memory <= 750);
    }

    /// <summary>What a request pays for the gateway when nobody else asks.</summary>
    public static Figure Added(Sample gateway, Sample direct) => new(
        "added by the gateway on one connection, p50", $"{gateway.P50 - direct.P50:F2} ms", "< 0.5 ms", gateway.P50 - direct.P50 < 0.5);
}
