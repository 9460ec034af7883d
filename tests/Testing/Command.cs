using System.Diagnostics;

namespace Explaino.Testing;

/// <summary>A program that was run to its end: how it ended, and what it said.</summary>
public sealed record Command(int ExitCode, string Output, string Errors)
{
    // For what hangs, not for what is slow beside other tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private string Line { get; init; } = "";

    /// <summary>Runs what must succeed, and gives its output.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, TimeSpan? limit = null) =>
        (await TryRunAsync(program, arguments, environment, folder, limit: limit)).Succeeded();

    /// <param name="program">A name to be found in PATH, or the path of one of the repository's own scripts.</param>
    /// <param name="folder">Where it runs; the repository's root if null.</param>
    public static async Task<Command> TryRunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, string input = "",
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program.Contains('/', StringComparison.Ordinal) ? Repository.PathTo(program) : program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var line = $"{program} {string.Join(' ', start.ArgumentList)}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{line} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var end = new CancellationTokenSource(limit ?? Limit);
        try
        {
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{line} did not end:\n{await output}{await errors}");
        }

        return new(process.ExitCode, await output, await errors) { Line = line };
    }

    /// <summary>Its output; anything but success is the test's failure.</summary>
    public string Succeeded() =>
        ExitCode == 0 ? Output : throw new InvalidOperationException($"{Line} failed with {ExitCode}:\n{Output}{Errors}");
}
