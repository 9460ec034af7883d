using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Writes every problem in the one shape of docs/contract.md#1-conventions, whatever the request accepts.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    internal const string RetryAfterMember = "retry_after";
    internal const string UntilMember = "until";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        var status = problem.Status ?? http.Response.StatusCode;
        var errors = (problem as HttpValidationProblemDetails)?.Errors;
        var violations = errors is { Count: > 0 } ? ViolationsOf(errors) : null;
        var code = problem.Extensions.TryGetValue("code", out var given) && given is string word ? word
            : errors is { Count: > 0 } ? ProblemCodes.ValidationFailed
            : ProblemCodes.Of(status);

        if (problem.Extensions.TryGetValue(RetryAfterMember, out var delay))
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(((TimeSpan)delay!).TotalSeconds)).ToString();
        }

        if (status == StatusCodes.Status401Unauthorized && http.Response.Headers.WWWAuthenticate.Count == 0)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (status == StatusCodes.Status415UnsupportedMediaType && HttpMethods.IsPatch(http.Request.Method))
        {
            http.Response.Headers["Accept-Patch"] = JsonMediaTypes.AcceptedBy(http.Request.Method);
        }

        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(
            new ProblemBody(
                $"https://explaino.dev/problems/{code.Replace('_', '-')}",
                ReasonPhrases.GetReasonPhrase(status),
                status,
                problem.Detail ?? (errors is { Count: > 0 } ? "One or more members are invalid." : DefaultDetails.Of(status, http)),
                code,
                Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier,
                violations?.GroupBy(violation => violation.Path).ToDictionary(member => member.Key, member => member.Select(one => one.Violation.Sentence).ToArray()),
                violations?.Select(violation => ViolationBody.Of(violation.Path, violation.Violation)).ToList(),
                problem.Extensions.TryGetValue(UntilMember, out var until) ? until as string : null),
            WireOptions,
            "application/problem+json",
            CancellationToken.None);
    }

    private static readonly JsonSerializerOptions WireOptions = JsonConventions.Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Validators name members as C# does; the client knows them by their wire names, also inside a sentence.</summary>
    private static List<(string Path, Violation Violation)> ViolationsOf(IDictionary<string, string[]> errors) =>
    [
        .. from error in errors
           let member = error.Key[(error.Key.LastIndexOf('.') + 1)..]
           from text in error.Value
           from line in text.Split('\n')
           let about = ElementsAttribute.PathOf(JsonMemberPath.Of(error.Key), line)
           let violation = Violation.Parse(about.Sentence)
           let sentence = member.Length == 0 ? violation.Sentence : violation.Sentence.Replace($" {member} ", $" {JsonMemberPath.Of(member)} ")
           select (about.Path, violation with { Sentence = sentence }),
    ];
}

/// <summary>Problem details (RFC 9457).</summary>
internal sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] List<ViolationBody>? Violations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("When the refusal ends: a time, or forever.")] string? Until);

/// <summary>Which rule a member breaks.</summary>
/// <param name="Path">As in errors.</param>
/// <param name="Rule">A stable word; there may be more of them later.</param>
/// <param name="Params">The rule's numbers, by name: min, max.</param>
internal sealed record ViolationBody(string Path, string Rule, Dictionary<string, long> Params)
{
    public static ViolationBody Of(string path, Violation violation)
    {
        var numbers = new Dictionary<string, long>();
        if (violation.Min is { } min)
        {
            numbers["min"] = min;
        }

        if (violation.Max is { } max)
        {
            numbers["max"] = max;
        }

        return new(path, violation.Rule, numbers);
    }
}
