using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.AppHost;

/// <summary>
/// Restart policy: a process that ended by itself is started again, after 1, 2, 4 … 30 seconds; a minute of life makes it forget. Aspire
/// leaves it dead. What somebody stopped stays stopped.
/// </summary>
internal sealed class Restarts(ResourceNotificationService notifications, ResourceCommandService commands, ResourceLoggerService logs) : BackgroundService
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TimeSpan> _delays = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ended = new HashSet<string>();
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            // Aspire says Finished of what ended by itself, and Exited of what it ended.
            var dead = change.Snapshot.State?.Text == KnownResourceStates.Finished && change.Resource.HasAnnotationOfType<RestartAnnotation>();
            if (!dead)
            {
                ended.Remove(change.ResourceId);
            }
            else if (ended.Add(change.ResourceId))
            {
                _ = RestartAsync(change, stoppingToken);
            }
        }
    }

    private async Task RestartAsync(ResourceEvent death, CancellationToken stoppingToken)
    {
        var lived = death.Snapshot.StopTimeStamp - death.Snapshot.StartTimeStamp;
        var delay = lived > Forgotten ? TimeSpan.FromSeconds(1) : _delays.GetValueOrDefault(death.ResourceId, TimeSpan.FromSeconds(1));
        _delays[death.ResourceId] = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        logs.GetLogger(death.Resource).LogWarning("Ended with {ExitCode}; it starts again in {Delay} s.", death.Snapshot.ExitCode, delay.TotalSeconds);
        try
        {
            await Task.Delay(delay, stoppingToken);
            await commands.ExecuteCommandAsync(death.ResourceId, KnownResourceCommands.StartCommand, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Everything stops.
        }
    }

    internal sealed class RestartAnnotation : IResourceAnnotation;
}

internal static class RestartSetup
{
    public static IResourceBuilder<T> WithRestarts<T>(this IResourceBuilder<T> resource) where T : IResource
    {
        resource.ApplicationBuilder.Services.AddHostedService<Restarts>();
        return resource.WithAnnotation(new Restarts.RestartAnnotation());
    }
}
