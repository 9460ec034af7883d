using System.Diagnostics;
using System.Globalization;
using Explaino.Demo.Filling;
using Spectre.Console;

namespace Explaino.Demo;

/// <summary>What the user sees: bars on a terminal, plain lines where nobody watches.</summary>
internal static class Presentation
{
    public static async Task RunAsync(IReadOnlyList<Stage> stages, CancellationToken cancellationToken)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var stage in stages)
            {
                var began = Stopwatch.GetTimestamp();
                await stage.RunAsync(() => { }, cancellationToken);
                Console.WriteLine($"  ✓ {stage.Title}: {stage.Count} ({Seconds(began)})");
            }

            return;
        }

        await AnsiConsole.Progress().Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async progress =>
        {
            var bars = stages.Select(stage => progress.AddTask(stage.Title, autoStart: false, maxValue: Math.Max(stage.Count, 1))).ToArray();
            foreach (var (stage, bar) in stages.Zip(bars))
            {
                bar.StartTask();
                await stage.RunAsync(() => bar.Increment(1), cancellationToken);
                bar.Value = bar.MaxValue;
                bar.StopTask();
            }
        });
    }

    public static void Sum(Totals totals, long began)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-28}{"added",10}{"there before",16}");
        foreach (var (kind, added, found) in totals.All)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-26}{added,10:N0}{found,16:N0}"));
        }

        Console.WriteLine();
        Console.WriteLine($"Done in {Seconds(began)}.");
    }

    private static string Seconds(long began) => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
}
