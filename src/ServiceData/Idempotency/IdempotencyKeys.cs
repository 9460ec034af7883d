using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Idempotency;

/// <summary>Safe retries of POSTs: see <see cref="IdempotencyFilter{TContext}"/>.</summary>
public static class IdempotencyKeys
{
    /// <summary>How long an answer is kept (docs/contract.md#1-conventions).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Takes <c>Idempotency-Key</c> on this route, whose handler writes through <typeparamref name="TContext"/>.</summary>
    public static RouteHandlerBuilder WithIdempotency<TContext>(this RouteHandlerBuilder route, bool required = false) where TContext : DbContext =>
        route.AddEndpointFilter(new IdempotencyFilter<TContext>(required)).WithMetadata(new IdempotencyMetadata(required));

    /// <summary>
    /// Takes or demands <c>Idempotency-Key</c> on this route, whose handler claims it (<see cref="IdempotencyKey"/>) and keeps the answer by a statement of its own:
    /// one round trip in place of four.
    /// </summary>
    public static RouteHandlerBuilder WithIdempotencyInStatement(this RouteHandlerBuilder route, bool required = true) =>
        route
            .AddEndpointFilter(async (context, next) =>
            {
                if (!required && !IdempotencyHeader.IsSent(context.HttpContext.Request))
                {
                    return await next(context);
                }

                if (IdempotencyHeader.Read(context).IsProblem(out var problem, out var key))
                {
                    return problem;
                }

                context.HttpContext.Features.Set(key);
                return await next(context);
            })
            .WithMetadata(new IdempotencyMetadata(required));

    /// <summary>The call's key, on a route <see cref="WithIdempotencyInStatement"/>.</summary>
    public static IdempotencyKey IdempotencyKey(this HttpContext http) => http.Features.GetRequiredFeature<IdempotencyKey>();

    /// <summary>Forgets old keys; for services with routes <see cref="WithIdempotency{TContext}"/>.</summary>
    public static WebApplicationBuilder AddIdempotency<TContext>(this WebApplicationBuilder builder) where TContext : DbContext
    {
        builder.Services.AddRetention<TContext>("idempotency keys", TimeSpan.FromMinutes(10), (db, now, cancellationToken) =>
            db.Set<IdempotencyKey>().Where(key => key.CreatedAt < now - Lifetime).ExecuteDeleteAsync(cancellationToken));
        return builder;
    }
}
