using System.Globalization;
using System.Text;

namespace Explaino.Bench.Scale;

/// <summary>The tables of docs/scale.md, and its picture.</summary>
internal static class ScaleReport
{
    private static readonly double[] Sizes = [1e6, 3e6, 1e7, 3e7, 1e8];
    private static readonly string[] Colours = ["#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#b07aa1"];

    public static async Task WriteAsync(string performance, string picture, TextWriter tables)
    {
        var costs = Costs.Read(performance);
        var capacities = Sizes.Select(size => Capacity.For(size, costs)).ToList();
        await File.WriteAllTextAsync(picture, Svg(capacities));
        await tables.WriteAsync(Text([.. capacities.Where(capacity => Math.Log10(capacity.Accounts) % 1 is 0)]));
    }

    private static string Text(List<Capacity> capacities)
    {
        var text = new StringBuilder();
        Line("in the busiest hour", capacity => $"{capacity.Accounts / 1e6:0} M accounts");
        text.AppendLine($"|---|{string.Concat(capacities.Select(_ => "---|"))}");
        Line("calls/s", capacity => $"{capacity.CallsPerSecond:N0}");
        Line("hub connections", capacity => $"{capacity.Connections:N0}");
        Line("events/s into RabbitMQ, of them five copies each", capacity => $"{capacity.EventsPerSecond:N0}");
        for (var index = 0; index < capacities[0].Pieces.Count; index++)
        {
            var name = capacities[0].Pieces[index].Name;
            Line(name, capacity => Of(capacity, capacity.Pieces[index]));
        }

        Line("cores together", capacity => $"{capacity.Pieces.Sum(piece => piece.Cores):N0}");
        Line("simulated p50, p99 in the servers", capacity => string.Create(CultureInfo.InvariantCulture, $"{capacity.P50:F1} ms, {capacity.P99:F1} ms"));
        return text.ToString();

        void Line(string name, Func<Capacity, string> cell) => text.AppendLine($"| {name} | {string.Join(" | ", capacities.Select(cell))} |");
    }

    private static string Of(Capacity capacity, Piece piece) => piece.IsDatabase
        ? $"one primary of {piece.Cores} cores, {capacity.CommitsPerSecond(piece.Name[..^2]):N0} commits/s"
        : $"{piece.Instances} instances of {Piece.CoresOfInstance} cores";

    private static string Svg(List<Capacity> capacities)
    {
        const int Width = 860, Height = 380, Left = 70, Bottom = 320, Top = 60, Bar = 90;
        var highest = Math.Log10(capacities.Max(capacity => capacity.Pieces.Sum(piece => piece.Cores)));
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<title>Cores and latency by accounts</title><rect width="{Width}" height="{Height}" fill="#fff"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="22">Cores in the busiest hour, each service with its database (bars, logarithmic, parts by their share), and p99 in the servers</text>""");
        for (var index = 0; index < capacities.Count; index++)
        {
            var (capacity, x) = (capacities[index], Left + (index * 120d));
            var cores = capacity.Pieces.Sum(piece => piece.Cores);
            var (height, y) = ((Bottom - Top) * Math.Log10(cores) / highest, (double)Bottom);
            foreach (var (group, colour) in capacity.Pieces.GroupBy(piece => piece.IsDatabase ? piece.Name[..^2] : piece.Name).Zip(Colours))
            {
                var part = height * group.Sum(piece => piece.Cores) / cores;
                y -= part;
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{x}" y="{y:F1}" width="{Bar}" height="{part:F1}" fill="{colour}"/>""");
            }

            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x + (Bar / 2)}" y="{y - 6:F1}" text-anchor="middle">{cores:N0} cores</text>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x + (Bar / 2)}" y="{Bottom + 18}" text-anchor="middle">{capacity.Accounts / 1e6:0} M</text>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x + (Bar / 2)}" y="{Bottom + 36}" text-anchor="middle" fill="#555">p99 {capacity.P99:F1} ms</text>""");
        }

        foreach (var ((name, colour), index) in capacities[0].Pieces.Where(piece => !piece.IsDatabase).Select(piece => piece.Name).Zip(Colours).Select((pair, index) => (pair, index)))
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="690" y="{60 + (index * 22)}" width="14" height="14" fill="{colour}"/><text x="710" y="{72 + (index * 22)}">{name}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
