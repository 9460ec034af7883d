using System.Text;

namespace Explaino.Bench;

/// <summary>What was measured, as Markdown.</summary>
internal sealed class Table
{
    private readonly List<(Measured Row, double? Growth)> _measured = [];
    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Measured> Measured => [.. _measured.Select(measured => measured.Row)];

    /// <param name="growth">How many times as long it takes as with a tenth of the data; null if that was not measured.</param>
    /// <returns>The row in one line.</returns>
    public string Add(Measured row, double? growth)
    {
        _measured.Add((row, growth));
        return $"{row.Row.Name}: {row.Product.PerSecond:N0}/s of {row.Limit.PerSecond:N0}/s, {row.Ratio:P0}{(row.Product.Errors > 0 ? $", {row.Product.Errors} ERRORS" : "")}";
    }

    public string Add(Figure figure)
    {
        _figures.Add(figure);
        return $"{figure.Name}: {figure.Value}";
    }

    public override string ToString()
    {
        var text = new StringBuilder()
            .AppendLine("| path | limit beside it | path/s | limit/s | ratio | target | p50 ms | p99 ms | errors | CPU s per 1,000 | time at 10 × the data |")
            .AppendLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var ((row, product, limit, ratio), growth) in _measured)
        {
            text.AppendLine(
                $"| {row.Name} | {row.Limit} | {product.PerSecond:N0} | {limit.PerSecond:N0} | {ratio:F2} | {Target(row, ratio)} "
                + $"| {product.P50:F1} | {product.P99:F1} | {product.Errors} | {product.Cpu:F2} | {Growth(growth)} |");
        }

        if (_figures.Count > 0)
        {
            text.AppendLine().AppendLine("| figure | value | target | |").AppendLine("|---|---|---|---|");
            _figures.ForEach(figure => text.AppendLine($"| {figure.Name} | {figure.Value} | {figure.Target} | {Mark(figure.IsMet)} |"));
        }

        return text.ToString();
    }

    private static string Growth(double? growth) => growth is { } times ? $"× {times:F2} {Mark(times < 1.15)}" : "";

    private static string Target(Row row, double ratio) => row.Target is { } target ? $"{target:F2} {Mark(ratio >= target)}" : "";

    private static string Mark(bool isMet) => isMet ? "✓" : "✗";
}
