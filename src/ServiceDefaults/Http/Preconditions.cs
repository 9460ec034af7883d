using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// A write with a condition that cannot be read is 400 and not done: the framework takes such a header for none (RFC 9110 section 13.1.1).
/// A read with one is answered in full, which harms nobody.
/// </summary>
internal static class Preconditions
{
    private static readonly string[] Headers = [HeaderNames.IfMatch, HeaderNames.IfNoneMatch];

    public static void UsePreconditions(this WebApplication app) => app.Use((http, next) => Refusal(http.Request) is { } sentence
        ? Problems.BadRequest(ProblemCodes.Malformed, sentence).ExecuteAsync(http)
        : next(http));

    private static string? Refusal(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return null;
        }

        // A part of a body cannot be written (RFC 9110 section 14.4).
        return request.Headers.ContentRange.Count > 0
            ? "Content-Range is not for requests: a body is sent whole."
            : Array.Find(Headers, name => request.Headers.TryGetValue(name, out var value) && !IsReadable(value)) is { } unreadable
                ? $"{unreadable} must be * or entity tags as ETag gives them, in double quotes."
                : null;
    }

    private static bool IsReadable(StringValues header) =>
        EntityTagHeaderValue.TryParseStrictList(header, out var tags) && tags.Count > 0
        && (tags.Count == 1 || !tags.Contains(EntityTagHeaderValue.Any));
}
