using System.Text.Json.Nodes;
using Json.Schema;

namespace Explaino.Testing.Documents;

/// <summary>The schemas of one OpenAPI document as a document of JSON Schema: objects have no members but those that they name, and times are UTC.</summary>
internal sealed class SchemaDocument(string id, JsonObject document)
{
    private const string Components = "#/components/schemas/";
    private const string Definitions = "#/$defs/";

    private readonly Dictionary<string, JsonNode> _inline = [];

    /// <summary>The document itself, as strict.</summary>
    public JsonObject Strict { get; } = Closed(document.DeepClone()).AsObject();

    /// <summary>A schema that stands for one inside an operation.</summary>
    public JsonSchema Name(JsonNode schema)
    {
        var name = $"inline-{_inline.Count}";
        _inline[name] = schema.DeepClone();
        return Reference($"{id}{Definitions}{name}");
    }

    public static JsonSchema Reference(string schema) => JsonSchema.FromText(new JsonObject { ["$ref"] = schema }.ToJsonString());

    public JsonSchema Compile()
    {
        var definitions = Strict["components"]!["schemas"]!.DeepClone().AsObject();
        foreach (var (name, schema) in _inline)
        {
            definitions[name] = schema;
        }

        return JsonSchema.FromText(new JsonObject { ["$id"] = id, ["$defs"] = definitions }.ToJsonString());
    }

    private static JsonNode Closed(JsonNode node)
    {
        foreach (var inner in node switch { JsonObject members => members.Select(member => member.Value), JsonArray items => items, _ => [] })
        {
            if (inner is not null)
            {
                Closed(inner);
            }
        }

        if (node is JsonObject schema)
        {
            if (schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties"))
            {
                schema["additionalProperties"] = false;
            }

            if (schema["format"] is JsonValue format && (string?)format == "date-time")
            {
                schema["pattern"] = "Z$";
            }

            if ((string?)(schema["$ref"] as JsonValue) is { } reference)
            {
                schema["$ref"] = reference.Replace(Components, Definitions, StringComparison.Ordinal);
            }
        }

        return node;
    }
}
