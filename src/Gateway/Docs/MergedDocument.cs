using System.Text.Json.Nodes;

namespace Explaino.Gateway.Docs;

/// <summary>Merged document: the OpenAPI documents of all services as one, for generators that make one client of it.</summary>
/// <remarks>
/// Services are deployed one by one, so that for a while two of them may describe a schema of the same name differently: the later one's is then told apart by
/// its service's name, with every schema of that document that refers to it.
/// </remarks>
internal static class MergedDocument
{
    private const string Reference = "#/components/schemas/";
    private const string Schemas = "schemas";

    public static JsonObject Of(IEnumerable<(string Service, JsonObject Document)> documents)
    {
        var whole = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Explaino", ["description"] = "Everything that clients call, of all services.", ["version"] = "v1" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The gateway" }),
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject { [Schemas] = new JsonObject() },
            ["tags"] = new JsonArray(),
        };
        foreach (var (service, document) in documents)
        {
            Add(whole, service, document.DeepClone().AsObject());
        }

        return whole;
    }

    private static void Add(JsonObject whole, string service, JsonObject document)
    {
        Rename(document, NamesTaken(whole, document), service);
        foreach (var (path, operations) in document["paths"] as JsonObject ?? [])
        {
            AddMissing(Part(whole["paths"]!.AsObject(), path), operations as JsonObject ?? []);
        }

        foreach (var (kind, components) in document["components"] as JsonObject ?? [])
        {
            AddMissing(Part(whole["components"]!.AsObject(), kind), components as JsonObject ?? []);
        }

        var tags = whole["tags"]!.AsArray();
        foreach (var tag in (document["tags"] as JsonArray ?? []).Where(tag => !tags.Any(known => (string?)known!["name"] == (string?)tag!["name"])))
        {
            tags.Add(tag!.DeepClone());
        }
    }

    /// <summary>Schemas that are described otherwise, or refer to one that is.</summary>
    private static HashSet<string> NamesTaken(JsonObject whole, JsonObject document)
    {
        var known = Part(whole["components"]!.AsObject(), Schemas);
        var common = (document["components"]?[Schemas] as JsonObject ?? []).Where(schema => known.ContainsKey(schema.Key)).ToList();
        var taken = common.Where(schema => !JsonNode.DeepEquals(schema.Value, known[schema.Key])).Select(schema => schema.Key).ToHashSet();
        for (var before = -1; before < taken.Count;)
        {
            before = taken.Count;
            taken.UnionWith(common.Where(schema => References(schema.Value).Any(reference => taken.Contains(NameIn(reference)))).Select(schema => schema.Key));
        }

        return taken;
    }

    private static void Rename(JsonObject document, HashSet<string> names, string service)
    {
        string Other(string name) => $"{char.ToUpperInvariant(service[0])}{service[1..]}{name}";

        foreach (var reference in References(document).ToList().Where(reference => names.Contains(NameIn(reference))))
        {
            reference["$ref"] = Reference + Other(NameIn(reference));
        }

        foreach (var name in names)
        {
            var schemas = document["components"]![Schemas]!.AsObject();
            var schema = schemas[name];
            schemas.Remove(name);
            schemas[Other(name)] = schema;
        }
    }

    private static string NameIn(JsonObject reference) => ((string)reference["$ref"]!)[Reference.Length..];

    private static IEnumerable<JsonObject> References(JsonNode? node) => node switch
    {
        JsonObject members when IsReference(members) => [members],
        JsonObject members => members.SelectMany(member => References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static bool IsReference(JsonObject node) => node["$ref"] is JsonValue value && value.TryGetValue(out string? target) && target.StartsWith(Reference, StringComparison.Ordinal);

    private static JsonObject Part(JsonObject whole, string name)
    {
        if (whole[name] is not JsonObject part)
        {
            whole[name] = part = [];
        }

        return part;
    }

    private static void AddMissing(JsonObject whole, JsonObject part)
    {
        foreach (var (name, value) in part.Where(member => !whole.ContainsKey(member.Key)))
        {
            whole[name] = value?.DeepClone();
        }
    }
}
