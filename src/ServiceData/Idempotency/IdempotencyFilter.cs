using System.Data;
using System.Text.Json;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Explaino.ServiceData.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c> (docs/contract.md#1-conventions), for handlers that write through <typeparamref name="TContext"/> and need not know of it.
/// </summary>
/// <remarks>
/// 1. A transaction begins, and the key's row is inserted: of two equal requests the second waits here, on the primary key, for the first.
/// 2. Inserted: the handler runs inside the transaction; a 2xx answer is stored in the row, and both commit; anything else rolls both back.
/// 3. Not inserted: the stored answer is given again, or 422 if the body was another.
/// </remarks>
internal sealed class IdempotencyFilter<TContext>(bool required) : IEndpointFilter where TContext : DbContext
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!required && !IdempotencyHeader.IsSent(http.Request))
        {
            return await next(context);
        }

        if (IdempotencyHeader.Read(context).IsProblem(out var problem, out var key))
        {
            return problem;
        }

        var db = http.RequestServices.GetRequiredService<TContext>();
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, http.RequestAborted);
        return await TryClaimAsync(db, key, http.RequestAborted)
            ? await RunAsync(db, transaction, key, json, http, async () => await next(context))
            : await ReplayAsync(db, transaction, key, http.RequestAborted);
    }

    private static async Task<object?> RunAsync(
        TContext db, IDbContextTransaction transaction, IdempotencyKey key, JsonSerializerOptions json, HttpContext http, Func<Task<object?>> handler)
    {
        var result = await handler();
        var answer = result.Unwrapped();
        if (answer is not IStatusCodeHttpResult { StatusCode: >= 200 and < 300 and var status })
        {
            return result; // The transaction ends with the filter, without a commit.
        }

        var body = answer is IValueHttpResult { Value: { } value } ? JsonSerializer.Serialize(value, value.GetType(), json) : null;
        var location = answer.GetType().GetProperty("Location")?.GetValue(answer) as string;
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE idempotency_keys SET status = {status}, location = {location}, body = {body}
            WHERE user_id = {key.UserId} AND call = {key.Call} AND key = {key.Key}
            """,
            http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);

        // The handler woke the relay before there was anything to see.
        http.RequestServices.GetService<OutboxSignal>()?.Wake();
        return result;
    }

    /// <summary>A key older than 24 hours is as good as none: it is taken over.</summary>
    private static async Task<bool> TryClaimAsync(TContext db, IdempotencyKey key, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO idempotency_keys AS k (user_id, call, key, request_hash, status, created_at)
            VALUES ({key.UserId}, {key.Call}, {key.Key}, {key.RequestHash}, 0, {key.CreatedAt})
            ON CONFLICT (user_id, call, key) DO UPDATE
            SET request_hash = excluded.request_hash, status = 0, location = NULL, body = NULL, created_at = excluded.created_at
            WHERE k.created_at < {key.Expired}
            """,
            cancellationToken) == 1;

    /// <remarks>The first answer may have been committed and given up while it waited for a standby. The key was locked by this transaction, so that its commit waits too, for both.</remarks>
    private static async Task<object?> ReplayAsync(TContext db, IDbContextTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var first = await db.Set<IdempotencyKey>().AsNoTracking()
            .SingleAsync(row => row.UserId == key.UserId && row.Call == key.Call && row.Key == key.Key, cancellationToken);

        // Stryker disable once Statement: without a standby there is nothing to wait for; FailoverTests of tests/Trust.Tests have one.
        await transaction.CommitAsync(cancellationToken);
        return key.Replays(first.RequestHash)
            ? new ReplayedAnswer(first.Status, first.Location, first.Body)
            : ReplayedAnswer.OfAnotherBody();
    }
}
