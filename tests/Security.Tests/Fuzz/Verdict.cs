using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing.Documents;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Whether an answer keeps what the contract promises, whatever was asked.</summary>
internal static class Verdict
{
    /// <summary>What is wrong with the answer.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(Operation operation, HttpRequestMessage request, HttpResponseMessage response, ResponseRules rules)
    {
        var (method, body) = (request.Method.Method, await response.Content.ReadAsByteArrayAsync());
        var text = System.Text.Encoding.UTF8.GetString(body);
        var type = response.Content.Headers.ContentType?.MediaType;
        var complaints = Leaks.In($"{response.Headers}{(IsText(type) ? text : "")}").Select(leak => $"leaks {leak}").ToList();
        var status = (int)response.StatusCode;
        complaints.AddRange(status switch
        {
            >= 500 => [$"is {status}"],
            304 => body.Length == 0 ? [] : ["is a 304 with a body"],
            >= 300 and < 400 => [$"leads elsewhere: {response.Headers.Location}"],
            >= 400 => method == "HEAD" || RefusedByHttp(response, body) ? [] : await AboutProblemAsync(request, response, status, type, text, rules),
            206 => [],
            _ => method == operation.Method && IsAskedBy(response.RequestMessage!.RequestUri!, operation) ? await rules.ComplaintsAsync(request, response) : [],
        });
        return complaints;
    }

    // A parameter that is empty, or a dot or two, leads to another operation (RFC 3986 section 5.2.4), and so to another answer.
    private static bool IsAskedBy(Uri address, Operation operation)
    {
        var segments = Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/').Split('/');
        return segments.Length >= operation.Path.Split('/').Length && !segments.Any(segment => segment is "." or "..");
    }

    private static bool IsText(string? type) =>
        type is null || type.Contains("json", StringComparison.Ordinal) || type.StartsWith("text/", StringComparison.Ordinal);

    // Before a request is one: Kestrel's own refusals, which close the connection.
    private static bool RefusedByHttp(HttpResponseMessage response, byte[] body) =>
        body.Length == 0 && response.Headers.ConnectionClose == true && response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge or HttpStatusCode.RequestUriTooLong;

    private static async Task<IEnumerable<string>> AboutProblemAsync(
        HttpRequestMessage request, HttpResponseMessage response, int status, string? type, string text, ResponseRules rules)
    {
        if (type != "application/problem+json")
        {
            return [$"is {status} with {type ?? "nothing"} instead of a problem"];
        }

        var complaints = await rules.ComplaintsAsync(request, response);
        return complaints.Count > 0 || (int?)JsonNode.Parse(text)!["status"] == status ? complaints : [$"is {status} with another status inside"];
    }
}
