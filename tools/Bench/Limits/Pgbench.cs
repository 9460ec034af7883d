using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Explaino.Bench.Limits;

/// <summary>PostgreSQL's own load generator with a script of sql/limits, prepared statements, as many clients as the closed loop has connections.</summary>
internal static partial class Pgbench
{
    public static Sample Run(BenchSystem system, string database, string script, TimeSpan duration, int rows)
    {
        var start = new ProcessStartInfo(Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin/pgbench")
        {
            RedirectStandardOutput = true,
            Environment = { ["PGPASSWORD"] = database },
        };
        foreach (var argument in (string[])
            [
                "-h", "127.0.0.1", "-p", $"{system.Port("postgres")}", "-U", database, "-n", "-M", "prepared", "-c", "8", "-j", "2",
                "-T", $"{(int)duration.TotalSeconds}", "-D", $"rows={100_000_000_000 + rows}", "-f", Path.Combine(BenchSystem.Sql, "limits", script), database,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Rate().Match(output) is { Success: true } rate && process.ExitCode == 0
            ? new(Number(rate), P50: Number(Latency().Match(output)))
            : throw new InvalidOperationException($"pgbench {script} failed.");
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = ([\d.]+) ms")]
    private static partial Regex Latency();
}
