using System.Diagnostics;

namespace Explaino.Testing;

/// <summary>What an operator's verb (<c>dotnet WalletService.dll verify</c>) printed, and how it ended.</summary>
public sealed record ServiceVerb(int ExitCode, string Output)
{
    /// <summary>Runs the service's own binary with these settings and words, to its end.</summary>
    public static async Task<ServiceVerb> RunAsync(Service service, IReadOnlyDictionary<string, string?> settings, params string[] words)
    {
        var start = new ProcessStartInfo(ServiceProcess.Dotnet, [service.Assembly, .. words])
        {
            WorkingDirectory = Path.GetDirectoryName(service.Assembly),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__")] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, await output + await errors);
    }
}
