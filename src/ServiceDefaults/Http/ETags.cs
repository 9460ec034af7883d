using System.Security.Cryptography;
using System.Text.Json;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Http;

/// <summary>An answer of which its own writes replace a part only: that part is what <c>If-Match</c> protects (docs/adr/0035).</summary>
public interface IPartlyEditable
{
    /// <summary>What PATCH can change: without what others, or other calls, do to the thing.</summary>
    object Editable { get; }
}

/// <summary>Entity tags made from the answer itself (RFC 9110 section 8.8.3), so that no representation can change without its tag.</summary>
public static class ETags
{
    /// <summary>Sends <c>ETag</c> with a 200 of this GET, and answers 304 when <c>If-None-Match</c> names it.</summary>
    public static RouteHandlerBuilder WithETag(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(async (context, next) => Tagged(await next(context), context.HttpContext)).WithMetadata(new ETagMetadata());

    /// <summary>Says of a write that it asks <see cref="ForbidsChange"/>, so that its document tells of <c>If-Match</c>.</summary>
    public static RouteHandlerBuilder HonoursIfMatch(this RouteHandlerBuilder route) => route.WithMetadata(new IfMatchMetadata());

    /// <summary>
    /// Whether <c>If-Match</c> or <c>If-None-Match</c> of this request forbids changing the thing whose present answer is <paramref name="current"/>. Of an
    /// <see cref="IPartlyEditable"/> the part that PATCH can change must be what the client has seen.
    /// Ask while holding the thing's row, and answer <see cref="Problems.PreconditionFailed"/>. What is not there (null) matches nothing, not even <c>*</c>.
    /// </summary>
    public static bool ForbidsChange<T>(this HttpRequest request, T current)
    {
        var unwanted = request.GetTypedHeaders().IfNoneMatch;
        if (current is not null && unwanted.Any(tag => tag.Compare(EntityTagHeaderValue.Any, useStrongComparison: false)
            || tag.Compare(Of(current, request.HttpContext), useStrongComparison: false)))
        {
            return true;
        }

        var wanted = request.GetTypedHeaders().IfMatch;
        return wanted.Count > 0 && (current is null || !wanted.Any(tag => tag.Compare(EntityTagHeaderValue.Any, useStrongComparison: false)
            || IsSameEdition(tag, Of(current, request.HttpContext))));
    }

    /// <summary>Whether this request carries a condition at all, so that a write without it need not read first.</summary>
    public static bool HasPrecondition(this HttpRequest request) => request.Headers.IfMatch.Count + request.Headers.IfNoneMatch.Count > 0;

    private static object? Tagged(object? result, HttpContext http)
    {
        var answer = result.Unwrapped();
        if (answer is not (IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }))
        {
            return result;
        }

        var json = Written(value, http);
        var tag = Of(value, json, http);
        http.Response.Headers.ETag = tag.ToString();
        http.Response.Headers.CacheControl = "private, no-cache";

        var known = http.Request.GetTypedHeaders().IfNoneMatch;
        var unchanged = known.Any(candidate => candidate.Compare(EntityTagHeaderValue.Any, useStrongComparison: false)
            || candidate.Compare(tag, useStrongComparison: false));
        return unchanged ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : answer is IContentTypeHttpResult ? result : new WrittenJson(json);
    }

    // The part before the dot, where there is one; a weak tag promises nothing that a write could rely on.
    private static bool IsSameEdition(EntityTagHeaderValue wanted, EntityTagHeaderValue current) =>
        !wanted.IsWeak && wanted.Tag.AsSpan(0, EditionOf(wanted)).SequenceEqual(current.Tag.AsSpan(0, EditionOf(current)));

    private static int EditionOf(EntityTagHeaderValue tag) => tag.Tag.AsSpan().IndexOf('.') is > 0 and var dot ? dot : tag.Tag.Length - 1;

    private static EntityTagHeaderValue Of<T>(T value, HttpContext http) => Of(value!, Written(value!, http), http);

    private static EntityTagHeaderValue Of(object value, byte[] json, HttpContext http) =>
        new(value is IPartlyEditable { Editable: var editable } ? $"\"{Hash(Written(editable, http))}.{Hash(json)}\"" : $"\"{Hash(json)}\"");

    private static string Hash(byte[] json) => Convert.ToHexStringLower(SHA256.HashData(json), 0, 12);

    private static byte[] Written(object value, HttpContext http) =>
        JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);

    /// <summary>The answer as it was written for its tag: to write it again would cost as much as the first time.</summary>
    private sealed class WrittenJson(byte[] json) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = json.Length;
            return httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
        }
    }
}

/// <summary>Marks a route whose 200 carries <c>ETag</c>.</summary>
internal sealed record ETagMetadata;

/// <summary>Marks a write that is not done where its <c>If-Match</c> is not met.</summary>
internal sealed record IfMatchMetadata;
