using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Default <c>detail</c> of problems that the framework makes, which has none: what would have been right.</summary>
internal static class DefaultDetails
{
    public static string Of(int status, HttpContext http) => status switch
    {
        StatusCodes.Status400BadRequest => "The request could not be read.",
        StatusCodes.Status401Unauthorized => http.Request.Headers.Authorization.Count == 0
            ? "This call needs an access token: Authorization: Bearer and what POST /api/auth/token gave."
            : "The access token is not valid: it has expired, its session has ended, or it is none of ours.",
        StatusCodes.Status403Forbidden => "The access token is good, but its user may not do this.",
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => Methods(http.Response.Headers.Allow.ToString()),
        StatusCodes.Status406NotAcceptable => "None of the media types in Accept can be had here.",
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status411LengthRequired => "The length of the body must be said.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this call accepts.",
        StatusCodes.Status414UriTooLong => "The address is longer than 8 KiB.",
        StatusCodes.Status415UnsupportedMediaType => MediaTypes(http.Request.Method),
        StatusCodes.Status416RangeNotSatisfiable => "No part of the file is in this range; Content-Range says how long it is.",
        StatusCodes.Status429TooManyRequests => "Too many requests; try again later.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are more than 100, or larger than 32 KiB.",
        StatusCodes.Status503ServiceUnavailable => "Something this call needs is away; try again.",
        >= 500 => "Something went wrong on our side. The trace_id tells us what; trying again may help.",
        _ => "The request was refused.",
    };

    public static string MediaTypes(string method) => $"This media type is not accepted here; {JsonMediaTypes.AcceptedBy(method)} is.";

    private static string Methods(string allowed) =>
        allowed.Length > 0 ? $"This path does not take the method; it takes {allowed}." : "This path does not take the method.";
}
