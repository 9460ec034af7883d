using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceDefaults;

/// <summary>Subcommand (verb) of a service's binary, for operators: <c>dotnet WalletService.dll verify</c>.</summary>
/// <param name="Name">The first word of the command line.</param>
/// <param name="Summary">One line for the list of verbs.</param>
/// <param name="RunAsync">Does it in a scope of its own, with the words that follow; returns the exit code.</param>
public sealed record ServiceCommand(string Name, string Summary, Func<IServiceProvider, string[], CancellationToken, Task<int>> RunAsync);

public static class ServiceCommands
{
    public static IServiceCollection AddServiceCommand(
        this IServiceCollection services, string name, string summary, Func<IServiceProvider, string[], CancellationToken, Task<int>> run) =>
        services.AddSingleton(new ServiceCommand(name, summary, run));

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
        return await chosen.RunAsync(scope.ServiceProvider, arguments, stopping);
    }
}
