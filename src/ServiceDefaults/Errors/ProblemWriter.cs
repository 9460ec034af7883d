using System.Diagnostics;
using System.Text.Json;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Writes every problem in the one shape of contract section 1, whatever the request accepts.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    internal const string RetryAfterMember = "retry_after";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        var status = problem.Status ?? http.Response.StatusCode;
        var errors = (problem as HttpValidationProblemDetails)?.Errors;
        var code = problem.Extensions.TryGetValue("code", out var given) && given is string word ? word
            : errors is { Count: > 0 } ? ProblemCodes.ValidationFailed
            : ProblemCodes.Of(status);

        if (problem.Extensions.TryGetValue(RetryAfterMember, out var delay))
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(((TimeSpan)delay!).TotalSeconds)).ToString();
        }

        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(
            new ProblemBody(
                $"https://explaino.dev/problems/{code.Replace('_', '-')}",
                ReasonPhrases.GetReasonPhrase(status),
                status,
                problem.Detail ?? (errors is { Count: > 0 } ? "One or more members are invalid." : null),
                code,
                Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier,
                errors is { Count: > 0 } ? ToWireNames(errors) : null),
            WireOptions,
            "application/problem+json",
            CancellationToken.None);
    }

    private static readonly JsonSerializerOptions WireOptions = JsonConventions.Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    });

    /// <summary>Validators name members as C# does; the client knows them by their wire names, also inside a sentence.</summary>
    private static Dictionary<string, string[]> ToWireNames(IDictionary<string, string[]> errors)
    {
        var renamed = new Dictionary<string, string[]>(errors.Count);
        foreach (var (path, sentences) in errors)
        {
            var member = path[(path.LastIndexOf('.') + 1)..];
            var wire = WirePath.Of(path);
            renamed[wire] = [.. sentences.Select(sentence => member.Length == 0 ? sentence : sentence.Replace($" {member} ", $" {WirePath.Of(member)} "))];
        }

        return renamed;
    }
}

/// <summary>A problem as it stands on the wire.</summary>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string? Detail, string Code, string TraceId, Dictionary<string, string[]>? Errors);
