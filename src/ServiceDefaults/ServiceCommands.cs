using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceDefaults;

/// <summary>Subcommand (verb) of a service's binary, for operators: <c>dotnet WalletService.dll verify</c>.</summary>
/// <param name="Name">The first word of the command line.</param>
/// <param name="Summary">One line for the list of verbs.</param>
/// <param name="RunAsync">Does it in a scope of its own, with the words that follow; returns the exit code.</param>
/// <param name="Audited">What it does with those words, for the audit log, where it changes something; null where it only looks.</param>
public sealed record ServiceCommand(
    string Name, string Summary, Func<IServiceProvider, string[], CancellationToken, Task<int>> RunAsync, Func<string[], string?>? Audited);

/// <summary>Puts into the audit log what an operator's verb is about to do: committed before anything is changed.</summary>
public delegate Task VerbAudit(string action, CancellationToken cancellationToken);

public static class ServiceCommands
{
    public static IServiceCollection AddServiceCommand(
        this IServiceCollection services, string name, string summary, Func<IServiceProvider, string[], CancellationToken, Task<int>> run,
        Func<string[], string?>? audited = null) =>
        services.AddSingleton(new ServiceCommand(name, summary, run, audited));

    internal static async Task<int> RunAsync(WebApplication app, string name, string[] arguments)
    {
        var verbs = app.Services.GetServices<ServiceCommand>().ToList();

        if (verbs.Find(verb => verb.Name == name) is not { } chosen)
        {
            await Console.Error.WriteLineAsync($"There is no verb '{name}'. Without one the service is started; the verbs are:");
            foreach (var verb in verbs)
            {
                await Console.Error.WriteLineAsync($"  {verb.Name,-16} {verb.Summary}");
            }

            return 2;
        }

        await using var scope = app.Services.CreateAsyncScope();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        if (chosen.Audited?.Invoke(arguments) is { } action && scope.ServiceProvider.GetService<VerbAudit>() is { } audit)
        {
            await audit(action, stopping);
        }

        return await chosen.RunAsync(scope.ServiceProvider, arguments, stopping);
    }
}
