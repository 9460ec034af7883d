using System.Text.Json;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Turns what model binding throws into 400, 413 or 415, naming the member at fault and nothing of our types.</summary>
internal sealed partial class BadRequestHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var result = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => Describe(bad),
            BadHttpRequestException bad => Problems.Of(bad.StatusCode, ProblemCodes.Of(bad.StatusCode), Sentence(bad.StatusCode)),
            _ => null,
        };

        if (result is null)
        {
            return false;
        }

        httpContext.Response.StatusCode = result.StatusCode;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = result.ProblemDetails });
    }

    private static ProblemHttpResult Describe(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json)
        {
            return AboutJson(json);
        }

        // "Failed to bind parameter "int? limit" from "abc"." and "Required parameter "IFormFile file" was not provided …"
        return !bad.Message.Contains("body", StringComparison.Ordinal) && ParameterName().Match(bad.Message) is { Success: true } match
            ? Problems.Invalid(WirePath.Of(match.Groups[1].Value), "Is missing or not of the right type.")
            : Problems.BadRequest(ProblemCodes.Malformed, "The request could not be read.");
    }

    private static ProblemHttpResult AboutJson(JsonException json)
    {
        // A syntax error is wrapped in an exception of the reader; a wrong type is not.
        var path = json.Path?.TrimStart('$').TrimStart('.') ?? "";
        return json.InnerException?.GetType().Name == "JsonReaderException" || path.Length == 0
            ? Problems.BadRequest(ProblemCodes.Malformed, "The body is not well-formed JSON of the expected shape.")
            : Problems.Invalid(WirePath.OfJsonPath(path), "Is not of the right type or form.");
    }

    private static string Sentence(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this call accepts.",
        StatusCodes.Status415UnsupportedMediaType => "This media type is not accepted here.",
        _ => "The request could not be read.",
    };

    [GeneratedRegex("""parameter "(?:[^"]* )?(\w+)" """)]
    private static partial Regex ParameterName();
}
