using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceData.Idempotency;

/// <summary>Safe retries of POSTs: see <see cref="IdempotencyFilter{TContext}"/>.</summary>
public static class IdempotencyKeys
{
    /// <summary>How long an answer is kept (docs/contract.md#1-conventions).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Takes <c>Idempotency-Key</c> on this route, whose handler writes through <typeparamref name="TContext"/>.</summary>
    public static RouteHandlerBuilder WithIdempotency<TContext>(this RouteHandlerBuilder route, bool required = false) where TContext : DbContext =>
        route.AddEndpointFilter(new IdempotencyFilter<TContext>(required)).WithMetadata(new IdempotencyMetadata(required));

    /// <summary>Forgets old keys; for services with routes <see cref="WithIdempotency{TContext}"/>.</summary>
    public static WebApplicationBuilder AddIdempotency<TContext>(this WebApplicationBuilder builder) where TContext : DbContext
    {
        builder.Services.AddHostedService<IdempotencyCleanup<TContext>>();
        return builder;
    }
}

internal sealed class IdempotencyCleanup<TContext>(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<IdempotencyCleanup<TContext>> logger) : BackgroundService
    where TContext : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var expired = clock.GetUtcNow() - IdempotencyKeys.Lifetime;
                await scope.ServiceProvider.GetRequiredService<TContext>().Set<IdempotencyKey>()
                    .Where(key => key.CreatedAt < expired).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Old idempotency keys could not be deleted: {Reason}", e.GetBaseException().GetType().Name);
            }
        }
    }
}
