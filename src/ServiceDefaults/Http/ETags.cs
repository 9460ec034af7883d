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

/// <summary>Entity tags made from the answer itself (RFC 9110 section 8.8.3), so that no representation can change without its tag.</summary>
public static class ETags
{
    /// <summary>Sends <c>ETag</c> with a 200 of this GET, and answers 304 when <c>If-None-Match</c> names it.</summary>
    public static RouteHandlerBuilder WithETag(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter(async (context, next) => Tagged(await next(context), context.HttpContext));

    /// <summary>
    /// Whether an <c>If-Match</c> of this request forbids changing the thing whose present answer is <paramref name="current"/>.
    /// Ask while holding the thing's row, and answer <see cref="Problems.PreconditionFailed"/>. What is not there (null) matches nothing, not even <c>*</c>.
    /// </summary>
    public static bool ForbidsChange<T>(this HttpRequest request, T current)
    {
        var wanted = request.GetTypedHeaders().IfMatch;
        return wanted.Count > 0 && (current is null || !wanted.Any(tag => tag.Compare(EntityTagHeaderValue.Any, useStrongComparison: false)
            || tag.Compare(Of(current, request.HttpContext), useStrongComparison: true)));
    }

    /// <summary>Whether this request carries <c>If-Match</c> at all, so that a write without it need not read first.</summary>
    public static bool HasPrecondition(this HttpRequest request) => request.Headers.IfMatch.Count > 0;

    private static object? Tagged(object? result, HttpContext http)
    {
        var answer = result.Unwrapped();
        if (answer is not (IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }))
        {
            return result;
        }

        var tag = Of(value, http);
        http.Response.Headers.ETag = tag.ToString();
        http.Response.Headers.CacheControl = "private, no-cache";

        var known = http.Request.GetTypedHeaders().IfNoneMatch;
        var unchanged = known.Any(candidate => candidate.Compare(EntityTagHeaderValue.Any, useStrongComparison: false)
            || candidate.Compare(tag, useStrongComparison: false));
        return unchanged ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : result;
    }

    private static EntityTagHeaderValue Of<T>(T value, HttpContext http)
    {
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, value!.GetType(), json));
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash, 0, 12)}\"");
    }
}
