using System.Text.Json.Nodes;
using Json.Schema;

namespace Explaino.Testing.Documents;

/// <summary>One operation of a document: how it is found, and how it may answer.</summary>
internal sealed class DocumentedOperation
{
    private readonly string _method;
    private readonly string[] _segments;

    public DocumentedOperation(string method, string path, JsonObject description, SchemaDocument schemas)
    {
        (_method, _segments, Name) = (method, path.Trim('/').Split('/'), $"{method} {path}");
        Responses = description["responses"]!.AsObject().Where(response => response.Key != "default")
            .ToDictionary(response => int.Parse(response.Key), response => new DocumentedResponse($"{Name} {response.Key}", response.Value!, schemas));
    }

    public string Name { get; }

    public IReadOnlyDictionary<int, DocumentedResponse> Responses { get; }

    public int ParametersInPath => _segments.Count(IsParameter);

    public bool Matches(string method, string[] segments) => method == _method && segments.Length == _segments.Length
        && _segments.Zip(segments).All(pair => IsParameter(pair.First) || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}

/// <summary>One way to answer.</summary>
internal sealed class DocumentedResponse(string name, JsonNode description, SchemaDocument schemas)
{
    private readonly JsonObject _headers = description["headers"]?.AsObject() ?? [];

    public string Name => name;

    public IEnumerable<string> Headers => _headers.Select(header => header.Key);

    public IEnumerable<string> RequiredHeaders => _headers.Where(header => (bool?)header.Value!["required"] == true).Select(header => header.Key);

    /// <summary>By media type.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Schemas { get; } =
        description["content"]?.AsObject().ToDictionary(type => type.Key, type => schemas.Name(type.Value!["schema"]!)) ?? [];
}
