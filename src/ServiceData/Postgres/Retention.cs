using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceData.Postgres;

/// <summary>Retention: deletes now and then the rows that nothing reads any more. Several instances may do so at once, and what fails is done the next time.</summary>
public static class Retention
{
    /// <param name="what">What is deleted, for the log.</param>
    /// <param name="delete">Deletes what is out of date at that time.</param>
    public static IServiceCollection AddRetention<TContext>(
        this IServiceCollection services, string what, TimeSpan interval, Func<TContext, DateTimeOffset, CancellationToken, Task> delete)
        where TContext : DbContext =>
        // Not AddHostedService, which takes the second of one type for the first.
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<RetentionWorker<TContext>>(provider, what, interval, delete));
}

internal sealed class RetentionWorker<TContext>(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<RetentionWorker<TContext>> logger,
    string what, TimeSpan interval, Func<TContext, DateTimeOffset, CancellationToken, Task> delete) : BackgroundService
    where TContext : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await delete(scope.ServiceProvider.GetRequiredService<TContext>(), clock.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Old {What} could not be deleted; it is tried again", what);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
