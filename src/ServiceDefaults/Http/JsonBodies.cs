using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// What a body of JSON may claim to be (docs/contract.md#1-conventions): <c>application/json</c>, in PATCH also <c>application/merge-patch+json</c>, in UTF-8
/// (RFC 8259 section 8.1) and not compressed; everything else is 415, other formats of JSON included.
/// </summary>
internal static class JsonBodies
{
    /// <summary>After routing, which knows what a route accepts.</summary>
    public static void UseJsonBodies(this WebApplication app) => app.Use((http, next) => Refusal(http)?.ExecuteAsync(http) ?? next(http));

    private static ProblemHttpResult? Refusal(HttpContext http)
    {
        var request = http.Request;
        if (http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepted || !accepted.ContentTypes.Contains(JsonMediaTypes.Json))
        {
            return null;
        }

        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.AcceptEncoding = "identity";
            return NotAccepted("The body must not be compressed.");
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            if (!IsAccepted(type, request.Method))
            {
                return NotAccepted(DefaultDetails.MediaTypes(request.Method));
            }

            if (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            {
                return NotAccepted("JSON is sent in UTF-8.");
            }

            // Read as it was understood: the framework knows no charset in quotes.
            request.ContentType = type.MediaType.ToString();
        }

        BufferedBody.Begin(request, accepted.RequestType?.IsAssignableTo(typeof(IListBody)) == true ? Service.MaxBodySize : BufferedBody.UsualSize);
        return null;
    }

    private static bool IsAccepted(MediaTypeHeaderValue type, string method) =>
        type.MediaType.Equals(JsonMediaTypes.Json, StringComparison.OrdinalIgnoreCase)
        || (HttpMethods.IsPatch(method) && type.MediaType.Equals(JsonMediaTypes.MergePatch, StringComparison.OrdinalIgnoreCase));

    private static ProblemHttpResult NotAccepted(string detail) =>
        Problems.Of(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.Of(StatusCodes.Status415UnsupportedMediaType), detail);
}
