using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Explaino.Gateway.Docs;

/// <summary>OpenAPI 3.0: the form of a document for generators that know no other.</summary>
internal static class OlderDocument
{
    public static async Task<JsonObject> OfAsync(JsonObject document, CancellationToken cancellationToken)
    {
        using var newer = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document));
        var read = await OpenApiDocument.LoadAsync(newer, OpenApiConstants.Json, cancellationToken: cancellationToken);
        using var written = new MemoryStream();
        await read.Document!.SerializeAsJsonAsync(written, OpenApiSpecVersion.OpenApi3_0, cancellationToken);
        var older = JsonNode.Parse(written.ToArray())!.AsObject();
        foreach (var schema in NullableReferences(older).ToList())
        {
            // 3.0 has no type null: beside a component it would be a second type, of which generators make a class. What is nullable has its type said beside it.
            var component = schema["oneOf"]![1]!.DeepClone();
            schema.Remove("oneOf");
            schema["type"] = older["components"]!["schemas"]![((string)component["$ref"]!).Split('/')[^1]]!["type"]!.DeepClone();
            schema["nullable"] = true;
            schema["allOf"] = new JsonArray(component);
        }

        return older;
    }

    /// <summary>A component or null, as our documents say it (<c>SchemaConventions</c>).</summary>
    private static IEnumerable<JsonObject> NullableReferences(JsonNode? node) => node switch
    {
        JsonObject schema when schema["oneOf"] is JsonArray and [_, JsonObject component] && component.ContainsKey("$ref") => [schema],
        JsonObject members => members.SelectMany(member => NullableReferences(member.Value)),
        JsonArray items => items.SelectMany(NullableReferences),
        _ => [],
    };
}
