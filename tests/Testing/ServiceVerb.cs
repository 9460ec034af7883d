namespace Explaino.Testing;

/// <summary>What an operator's verb (<c>dotnet WalletService.dll verify</c>) printed, and how it ended.</summary>
public sealed record ServiceVerb(int ExitCode, string Output)
{
    /// <summary>Runs the service's own binary with these settings and words, to its end.</summary>
    public static async Task<ServiceVerb> RunAsync(Service service, IReadOnlyDictionary<string, string?> settings, params string[] words)
    {
        var environment = settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment.TryAdd("ASPNETCORE_ENVIRONMENT", "Development");
        var verb = await Command.TryRunAsync(ServiceProcess.Dotnet, [service.Assembly, .. words], environment, Path.GetDirectoryName(service.Assembly));
        return new(verb.ExitCode, verb.Output + verb.Errors);
    }
}
