using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Turns what model binding throws into 400, 413 or 415, naming all members at fault and nothing of our types.</summary>
internal sealed partial class BadRequestHandler(IProblemDetailsService problems, IOptions<JsonOptions> json, MemberRules rules) : IExceptionHandler
{
    private JsonSerializerOptions Json => json.Value.SerializerOptions;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var result = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => await DescribeAsync(bad, httpContext, cancellationToken),
            BadHttpRequestException bad => Problems.Of(bad.StatusCode, ProblemCodes.Of(bad.StatusCode), DefaultDetails.Of(bad.StatusCode, httpContext)),
            _ => null,
        };

        if (result is null)
        {
            return false;
        }

        httpContext.Response.StatusCode = result.StatusCode;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = result.ProblemDetails });
    }

    private async Task<ProblemHttpResult> DescribeAsync(BadHttpRequestException bad, HttpContext http, CancellationToken cancellationToken)
    {
        if (bad.InnerException is JsonException wrong)
        {
            return await AboutJsonAsync(wrong, http, cancellationToken);
        }

        // "Failed to bind parameter "int? limit" from "abc"." and "Required parameter "IFormFile file" was not provided …"
        return !bad.Message.Contains("body", StringComparison.Ordinal) && ParameterName().Match(bad.Message) is { Success: true } match
            ? Problems.Invalid(JsonMemberPath.Of(match.Groups[1].Value), new Violation("wrong_type", "Is missing or not of the right type."))
            : Problems.BadRequest(ProblemCodes.Malformed, "The request could not be read.");
    }

    private async Task<ProblemHttpResult> AboutJsonAsync(JsonException wrong, HttpContext http, CancellationToken cancellationToken)
    {
        // A syntax error is wrapped in an exception of the reader; a wrong type is not.
        var path = wrong.Path?.TrimStart('$').TrimStart('.') ?? "";
        if (wrong.InnerException?.GetType().Name == "JsonReaderException" || path.Length == 0)
        {
            return Problems.BadRequest(ProblemCodes.Malformed, "The body is not well-formed JSON of the expected shape.");
        }

        var type = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        return type is not null && BufferedBody.Of(http.Request) is { } body && await AllErrorsAsync(body, type, cancellationToken) is { } errors
            ? Problems.Invalid(errors)
            : Problems.Invalid(JsonMemberPath.OfJsonPath(path), FormatHint.Of(TolerantReader.TypeAt(type, path, Json)));
    }

    /// <summary>What cannot be read, and what is wrong with the rest; null if the body cannot be taken apart.</summary>
    private async Task<IDictionary<string, string[]>?> AllErrorsAsync(ReadOnlyMemory<byte> body, Type type, CancellationToken cancellationToken)
    {
        try
        {
            var node = JsonNode.Parse(body.Span, documentOptions: new() { MaxDepth = Json.MaxDepth, AllowDuplicateProperties = false })!;
            var (value, unreadable) = TolerantReader.Read(type.IsAssignableTo(typeof(IListBody)) ? IListBody.Named(node) : node, type, Json, body.Length);
            return value is null ? unreadable : await rules.ErrorsAsync(value, unreadable, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("""parameter "(?:[^"]* )?(\w+)" """)]
    private static partial Regex ParameterName();
}
