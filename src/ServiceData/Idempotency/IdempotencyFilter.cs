using System.Data;
using System.Security.Cryptography;
using System.Text.Json;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
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
        var header = http.Request.Headers[IdempotencyMetadata.Header];
        if (header.Count == 0 && !required)
        {
            return await next(context);
        }

        if (header is not [{ } text] || !Guid.TryParseExact(text, "D", out var value))
        {
            return Problems.BadRequest("idempotency_key_invalid", $"{IdempotencyMetadata.Header} must be one UUID.");
        }

        var db = http.RequestServices.GetRequiredService<TContext>();
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var key = new IdempotencyKey
        {
            UserId = http.User.Id(),
            Call = $"{http.Request.Method} {http.Request.Path.Value!.TrimEnd('/').ToLowerInvariant()}",
            Key = value,
            RequestHash = Hash(context, json),
            CreatedAt = clock.GetUtcNow(),
        };

        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, http.RequestAborted);
        return await TryClaimAsync(db, key, http.RequestAborted)
            ? await RunAsync(db, transaction, key, json, http, async () => await next(context))
            : await ReplayAsync(db, key, http.RequestAborted);
    }

    private static async Task<object?> RunAsync(
        TContext db, IDbContextTransaction transaction, IdempotencyKey key, JsonSerializerOptions json, HttpContext http, Func<Task<object?>> handler)
    {
        var result = await handler();
        var answer = result.Unwrapped();
        if (answer is not IStatusCodeHttpResult { StatusCode: >= 200 and < 300 and var status })
        {
            await transaction.RollbackAsync(http.RequestAborted);
            return result;
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
        return result;
    }

    /// <summary>A key older than 24 hours is as good as none: it is taken over.</summary>
    private static async Task<bool> TryClaimAsync(TContext db, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var expired = key.CreatedAt - IdempotencyKeys.Lifetime;
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO idempotency_keys AS k (user_id, call, key, request_hash, status, created_at)
            VALUES ({key.UserId}, {key.Call}, {key.Key}, {key.RequestHash}, 0, {key.CreatedAt})
            ON CONFLICT (user_id, call, key) DO UPDATE
            SET request_hash = excluded.request_hash, status = 0, location = NULL, body = NULL, created_at = excluded.created_at
            WHERE k.created_at < {expired}
            """,
            cancellationToken) == 1;
    }

    private static async Task<object?> ReplayAsync(TContext db, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var first = await db.Set<IdempotencyKey>().AsNoTracking()
            .SingleAsync(row => row.UserId == key.UserId && row.Call == key.Call && row.Key == key.Key, cancellationToken);
        return first.RequestHash.AsSpan().SequenceEqual(key.RequestHash)
            ? new ReplayedAnswer(first.Status, first.Location, first.Body)
            : Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "This key was used with another body.");
    }

    private static byte[] Hash(EndpointFilterInvocationContext context, JsonSerializerOptions json)
    {
        var type = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var body = context.Arguments.SingleOrDefault(argument => argument is not null && argument.GetType() == type);
        return body is null ? [] : SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), json));
    }
}

/// <summary>The first answer once more, as it was stored.</summary>
internal sealed class ReplayedAnswer(int status, string? location, string? body) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers[IdempotencyMetadata.ReplayedHeader] = "true";
        if (location is not null)
        {
            httpContext.Response.Headers.Location = location;
        }

        if (body is not null)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await httpContext.Response.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
