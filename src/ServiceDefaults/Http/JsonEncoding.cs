using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Http;

/// <summary>JSON is UTF-8 (docs/contract.md#1-conventions, RFC 8259 section 8.1): a body that claims another encoding is 415, also one that nobody knows.</summary>
internal static class JsonEncoding
{
    public static void UseJsonEncoding(this WebApplication app) =>
        app.Use((http, next) => IsForeign(http.Request.ContentType)
            ? Problems.Of(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.Of(StatusCodes.Status415UnsupportedMediaType), "JSON is sent in UTF-8.").ExecuteAsync(http)
            : next(http));

    private static bool IsForeign(string? contentType) =>
        contentType?.Contains("charset", StringComparison.OrdinalIgnoreCase) == true
        && MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase)
        && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
