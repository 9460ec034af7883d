using System.Globalization;

namespace Explaino.Bench.Scale;

/// <summary>Processor time of a call, in ms, where it is spent.</summary>
internal sealed record Cost(double Gateway, double Service, double Database);

/// <summary>Costs by the table of docs/performance.md: the processes' time is measured there; the database's is what a limit's statement takes of the machine.</summary>
internal sealed class Costs
{
    // Of the profiles of the gateway: a small answer, and each further KB.
    private const double OfGateway = 0.113;
    private const double OfKilobyte = 0.015;

    private readonly Dictionary<string, (double Processes, double Database)> _rows;

    private Costs(Dictionary<string, (double, double)> rows) => _rows = rows;

    /// <exception cref="InvalidDataException">The document has no such table.</exception>
    public static Costs Read(string document)
    {
        var lines = File.ReadAllLines(document);
        var cores = lines.Where(line => line.StartsWith("`./dev bench` on", StringComparison.Ordinal)).Select(line => Number(line.Split(", ")[^1])).FirstOrDefault();
        if (cores is 0)
        {
            throw new InvalidDataException($"{document} has no table of ./dev bench.");
        }

        // | path | limit beside it | path/s | limit/s | ratio | target | p50 ms | p99 ms | errors | CPU s per 1,000 | …
        var rows = lines.Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 11 && Number(cells[10]) > 0)
            .ToDictionary(cells => cells[1], cells => (Processes: Number(cells[10]), Database: 1000 * cores / Number(cells[4])));

        // A bare endpoint and a bare hash ask no database.
        rows["users/me"] = rows["users/me"] with { Database = rows["users/me, statement"].Database };
        rows["login"] = rows["login"] with { Database = rows["refresh"].Database };

        // 1,000 connections in groups of ten, and one group of a hundred: two equations for a message and a delivery. All of the machine, the database included.
        var (tens, hundred) = (1000 * cores / (Deliveries(lines, "groups of 10") / 10), 1000 * cores / (Deliveries(lines, "group of 100") / 100));
        var delivery = Math.Max(0, (hundred - tens) / 90);
        rows[Traffic.MessageRow] = (tens - (10 * delivery) + (Traffic.DeliveriesOfMessage * delivery) - rows["create a job"].Database, rows["create a job"].Database);
        return new(rows);
    }

    public Cost Of(Call call)
    {
        var (processes, database) = _rows[call.Row];
        var gateway = OfGateway + (OfKilobyte * (call.Kilobytes - 1));
        return new(gateway, Math.Max(0.05, processes - gateway), database);
    }

    private static double Deliveries(string[] lines, string figure) =>
        Number(lines.First(line => line.StartsWith("| chat", StringComparison.Ordinal) && line.Contains(figure, StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries)[2]);

    /// <summary>The number with which a text begins; 0 if with none.</summary>
    private static double Number(string text)
    {
        var digits = new string([.. text.TakeWhile(character => char.IsAsciiDigit(character) || character is '.' or ',')]).Replace(",", "", StringComparison.Ordinal);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
