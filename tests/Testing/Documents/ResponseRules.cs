using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Explaino.Testing.Documents;

/// <summary>
/// Response rules: what OpenAPI documents say of answers, compiled once. A member that is not documented is refused, though clients ignore it: an answer
/// tells no more than its document.
/// </summary>
public sealed class ResponseRules
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    /// <summary>Documented where they come at all.</summary>
    private static readonly string[] Headers = ["ETag", "Location", "Retry-After", "Idempotency-Replayed", "Content-Range"];

    private readonly List<DocumentedOperation> _operations = [];
    private readonly EvaluationOptions _options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private readonly JsonSchema _problem;

    public ResponseRules(params IReadOnlyList<JsonObject> documents)
    {
        foreach (var (index, document) in documents.Index())
        {
            var schemas = new SchemaDocument($"https://explaino.dev/documents/{index}", document);
            foreach (var (path, methods) in schemas.Strict["paths"]!.AsObject())
            {
                _operations.AddRange(methods!.AsObject().Select(method => new DocumentedOperation(method.Key.ToUpperInvariant(), path, method.Value!.AsObject(), schemas)));
            }

            _options.SchemaRegistry.Register(schemas.Compile());
        }

        _problem = SchemaDocument.Reference("https://explaino.dev/documents/0#/$defs/Problem");
    }

    /// <summary>What is wrong with an answer; nothing where no document tells of it.</summary>
    public async Task<IReadOnlyList<string>> ComplaintsAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type == ProblemJson && request.Method != HttpMethod.Head)
        {
            return Judge(_problem, await ReadAsync(response.Content));
        }

        if (!response.IsSuccessStatusCode || Find(request) is not { } operation)
        {
            return [];
        }

        var status = (int)response.StatusCode;
        return operation.Responses.TryGetValue(status, out var documented)
            ? [.. AboutHeaders(documented, response), .. await AboutBodyAsync(documented, type, response.Content)]
            : [$"{operation.Name} is {status}, which is not documented"];
    }

    /// <summary>A word of the path goes before a parameter: <c>/users/me</c> is not <c>/users/{id}</c>.</summary>
    private DocumentedOperation? Find(HttpRequestMessage request)
    {
        var segments = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        return _operations.Where(operation => operation.Matches(request.Method.Method, segments)).MinBy(operation => operation.ParametersInPath);
    }

    private static IEnumerable<string> AboutHeaders(DocumentedResponse documented, HttpResponseMessage response)
    {
        var sent = response.Headers.Concat(response.Content.Headers).Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. documented.RequiredHeaders.Except(sent).Select(name => $"{documented.Name} comes without {name}"),
            .. Headers.Intersect(sent).Except(documented.Headers).Select(name => $"{documented.Name} has a {name}, which is not documented"),
        ];
    }

    private async Task<IReadOnlyList<string>> AboutBodyAsync(DocumentedResponse documented, string? type, HttpContent content)
    {
        if (type is null)
        {
            return documented.Schemas.Count > 0 ? [$"{documented.Name} has no content"] : [];
        }

        return !documented.Schemas.TryGetValue(type, out var schema) ? [$"{documented.Name} is {type}, which is not documented"]
            : type != Json ? []
            : Judge(schema, await ReadAsync(content));
    }

    private List<string> Judge(JsonSchema schema, JsonNode? value)
    {
        var results = schema.Evaluate(value, _options);
        return results.IsValid ? [] :
        [
            .. from detail in results.Details
               where detail.HasErrors
               from error in detail.Errors!
               let isUnknown = detail.EvaluationPath.ToString().EndsWith("/additionalProperties", StringComparison.Ordinal)
               select $"{detail.InstanceLocation} {(isUnknown ? "is not documented" : error.Value)}",
        ];
    }

    private static async Task<JsonNode?> ReadAsync(HttpContent content)
    {
        await content.LoadIntoBufferAsync();
        try
        {
            return JsonNode.Parse(await content.ReadAsStringAsync());
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }
}
