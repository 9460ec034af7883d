namespace Explaino.Bench;

/// <summary>How much is measured: the full form makes the table of docs/performance.md, the quick one guards the floors at night.</summary>
/// <param name="Rows">How many users, posts, profiles and wallets there are; growth is measured from a tenth of them.</param>
/// <param name="Duration">Of one run.</param>
/// <param name="LongestWarmUp">For one row; the quick form's are less than warm after it.</param>
internal sealed record Options(int Rows, TimeSpan Duration, TimeSpan LongestWarmUp, int Runs, bool IsQuick, string? Only)
{
    public static Options Parse(string[] words)
    {
        var only = words.SkipWhile(word => word != "--only").Skip(1).FirstOrDefault();
        return words.Contains("--quick")
            ? new(10_000, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8), 3, IsQuick: true, only)
            : new(100_000, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(45), 3, IsQuick: false, only);
    }

    /// <summary>Only ratios have floors, so the quick form measures nothing else, unless it is asked for.</summary>
    public bool WantsFigures => !IsQuick || Only is not null;

    public bool Wants(string name) => Only is null || Only.Split(',').Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
