using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.AppHost;

/// <summary>
/// What outlives a run, in the clone, held by one run at a time: a lock that the system gives back however the run ends, and this run's process
/// id, which stays behind only where it was killed.
/// </summary>
internal sealed class StateFolder(string path) : IDisposable
{
    // What a killed run started is stopped by its orchestrator, which notices the death.
    private static readonly TimeSpan CleanUpOfAKilledRun = TimeSpan.FromSeconds(30);

    private FileStream? _lock;

    private string ProcessIdFile => Path.Combine(Folder("run"), "apphost.pid");

    /// <summary>Where this run says how to sign in to its dashboard.</summary>
    public string LoginFile => Path.Combine(Folder("run"), "dashboard");

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(path, name)).FullName;

    /// <summary>Before anything starts: nobody else has the folder, and the ports of the model are free.</summary>
    public async Task ClaimAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        try
        {
            _lock = new FileStream(Path.Combine(Folder("run"), "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new DistributedApplicationException($"Explaino runs in this clone already (process {ReadProcessId()}); stop it first.");
        }

        var started = Stopwatch.GetTimestamp();
        var wasKilled = File.Exists(ProcessIdFile);
        while (TakenPort(model) is var (name, port))
        {
            if (!wasKilled || Stopwatch.GetElapsedTime(started) > CleanUpOfAKilledRun)
            {
                throw new DistributedApplicationException(
                    $"Port {port}, wanted for {name}, is taken. Stop the program that has it (ss -ltnp 'sport = :{port}' names it), or choose another --port.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        await File.WriteAllTextAsync(ProcessIdFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken);
    }

    public void Dispose()
    {
        if (_lock is not null)
        {
            File.Delete(ProcessIdFile);
            File.Delete(LoginFile);
            _lock.Dispose();
        }
    }

    private string ReadProcessId() => File.Exists(ProcessIdFile) ? File.ReadAllText(ProcessIdFile) : "unknown";

    private static (string Name, int Port)? TakenPort(DistributedApplicationModel model)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(listener => IPAddress.IsLoopback(listener.Address) || listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any))
            .Select(listener => listener.Port)
            .ToHashSet();
        return model.Resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource.Name, endpoint.Port)))
            .Where(endpoint => endpoint.Port is { } port && taken.Contains(port))
            .Select(endpoint => ((string, int)?)(endpoint.Name, endpoint.Port!.Value))
            .FirstOrDefault();
    }
}

internal static class StateFolders
{
    public static StateFolder AddStateFolder(this IDistributedApplicationBuilder builder, RunSettings run)
    {
        var state = new StateFolder(Path.GetFullPath(run.State ?? "../../.explaino", builder.AppHostDirectory));
        builder.Services.AddSingleton(_ => state); // By a factory, so that it is disposed of with the application.
        builder.Services.AddSingleton(run).AddHostedService<Announcement>();
        builder.Eventing.Subscribe<BeforeStartEvent>((start, cancellationToken) => builder.ExecutionContext.IsRunMode
            ? start.Services.GetRequiredService<StateFolder>().ClaimAsync(start.Model, cancellationToken)
            : Task.CompletedTask);
        return state;
    }

    /// <summary>Runs to the end; what is in the way of a start is one line, not a stack trace.</summary>
    public static async Task<int> RunAsync(this IDistributedApplicationBuilder builder)
    {
        try
        {
            await builder.Build().RunAsync();
            return 0;
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
