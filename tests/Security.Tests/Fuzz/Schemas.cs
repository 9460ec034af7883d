using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>What is to be made by the schemas of a document.</summary>
internal sealed class Schemas(JsonObject document)
{
    /// <summary>Follows <c>$ref</c>.</summary>
    public JsonObject Resolve(JsonNode schema)
    {
        var resolved = schema.AsObject();
        while ((string?)resolved["$ref"] is { } reference)
        {
            resolved = reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode)document, (node, name) => node[name]!).AsObject();
        }

        return resolved;
    }

    public static List<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => (string)type!)],
        JsonNode one => [(string)one!],
        null => [],
    };
}
