namespace Explaino.Bench.Figures;

/// <summary>What the processes take of time and memory.</summary>
internal static class ProcessFigures
{
    public static IEnumerable<Figure> Of(BenchSystem system)
    {
        var starts = system.StartTimes();
        if (starts.TryGetValue("run", out var all))
        {
            yield return new("./dev run from built to healthy, servers and migrations included", $"{all / 1000.0:F1} s", "< 20 s", all < 20_000);
        }

        var each = starts.Where(start => start.Key != "run").ToList();
        yield return new(
            "start, one process at a time",
            string.Join(", ", each.Select(start => $"{start.Key} {start.Value / 1000.0:F1} s")),
            "each < 2 s",
            each.TrueForAll(start => start.Value < 2_000));
        var memory = system.MemoryMegabytes(BenchSystem.Processes);
        var kinds = string.Join(", ", Enum.GetValues<Memory>().Skip(1).Select(kind =>
            $"{kind.ToString().ToLowerInvariant()} {system.MemoryMegabytes(kind, BenchSystem.Processes):F0}"));
        yield return new("memory of the six processes after all this", $"{memory:F0} MB ({kinds})", "< 900 MB", memory < 900);
    }

    /// <summary>What a request pays for the gateway when nobody else asks.</summary>
    public static Figure Added(Sample gateway, Sample direct) => new(
        "added by the gateway on one connection, p50", $"{gateway.P50 - direct.P50:F2} ms", "< 0.5 ms", gateway.P50 - direct.P50 < 0.5);
}
