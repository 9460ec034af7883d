using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Which of some files a service's rows name.</summary>
public sealed record NamedFiles<TContext>(Func<TContext, IReadOnlyCollection<Guid>, IQueryable<Guid>> Query);

/// <summary>Deletes the files that no row names a day after they were saved: no request takes that long between its file and its row, and no clock that was set is that wrong.</summary>
internal sealed class OrphanSweeper<TContext>(
    IFileStore store,
    NamedFiles<TContext> named,
    IServiceScopeFactory scopes,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<OrphanSweeper<TContext>> logger) : BackgroundService
    where TContext : DbContext
{
    private const int BatchSize = 500;

    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private readonly TimeSpan _interval = configuration.GetValue("Storage:SweepInterval", TimeSpan.FromHours(1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Files without a row could not be swept; it is tried again");
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Guid>(BatchSize);
        await foreach (var key in store.ListAsync(clock.GetUtcNow() - Grace, cancellationToken))
        {
            batch.Add(key);
            if (batch.Count == BatchSize)
            {
                await SweepAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        await SweepAsync(batch, cancellationToken);
    }

    private async Task SweepAsync(List<Guid> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var kept = await named.Query(scope.ServiceProvider.GetRequiredService<TContext>(), keys).ToHashSetAsync(cancellationToken);
        foreach (var orphan in keys.Where(key => !kept.Contains(key)))
        {
            await store.DeleteAsync(orphan, cancellationToken);
            logger.LogInformation("Deleted file {Key}, which no row names", orphan);
        }
    }
}
