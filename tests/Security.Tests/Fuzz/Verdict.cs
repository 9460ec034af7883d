using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Whether an answer keeps what the contract promises, whatever was asked.</summary>
internal static class Verdict
{
    /// <summary>What is wrong with the answer.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(Operation operation, string method, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        var text = System.Text.Encoding.UTF8.GetString(body);
        var type = response.Content.Headers.ContentType?.MediaType;
        var complaints = Leaks.In($"{response.Headers}{(IsText(type) ? text : "")}").Select(leak => $"leaks {leak}").ToList();
        var status = (int)response.StatusCode;
        complaints.AddRange(status switch
        {
            >= 500 => [$"is {status}"],
            304 => body.Length == 0 ? [] : ["is a 304 with a body"],
            >= 300 and < 400 => [$"leads elsewhere: {response.Headers.Location}"],
            >= 400 => method == "HEAD" || RefusedByHttp(response, body) ? [] : AboutProblem(operation, status, type, text),
            206 => [],
            _ => method == operation.Method && IsAskedBy(response.RequestMessage!.RequestUri!, operation) ? AboutSuccess(operation, status, type, text) : [],
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

    private static IEnumerable<string> AboutProblem(Operation operation, int status, string? type, string text)
    {
        if (type != "application/problem+json" || Parse(text) is not JsonObject problem)
        {
            return [$"is {status} with {type ?? "nothing"} instead of a problem"];
        }

        var schema = operation.Document["components"]!["schemas"]!["Problem"]!;
        var complaints = new Schemas(operation.Document).Complaints(problem, schema);
        return (int?)problem["status"] == status && (string?)problem["code"] is { Length: > 0 } ? complaints : [.. complaints, $"is {status} with another status or no code inside"];
    }

    private static IEnumerable<string> AboutSuccess(Operation operation, int status, string? type, string text)
    {
        if (operation.Description["responses"]![status.ToString()] is not { } documented)
        {
            return [$"is {status}, which is not documented"];
        }

        if (documented["content"] is not JsonObject content)
        {
            return text.Length == 0 || type?.Contains("json", StringComparison.Ordinal) == false ? [] : [$"is {status} with an undocumented body"];
        }

        if (type is null || content[type] is not { } media)
        {
            return [$"is {status} as {type ?? "nothing"}, which is not documented"];
        }

        return type != "application/json" ? [] : media["schema"] is not { } schema ? [] : new Schemas(operation.Document).Complaints(Parse(text), schema);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
