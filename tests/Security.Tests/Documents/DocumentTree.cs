using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Documents;

/// <summary>What stands where in an OpenAPI document.</summary>
internal sealed class DocumentTree(JsonObject document)
{
    public const string Components = "#/components/schemas/";

    public IEnumerable<(string Path, JsonObject Node)> Nodes() => Nodes(document, "");

    public IEnumerable<(string Name, JsonObject Operation)> Operations() =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select ($"{method.Key.ToUpperInvariant()} {path.Key}", method.Value!.AsObject());

    /// <summary>Components that nothing refers to.</summary>
    public IEnumerable<string> Unused()
    {
        var used = Nodes().Select(node => (string?)node.Node["$ref"]).ToHashSet();
        return document["components"]!["schemas"]!.AsObject().Select(schema => schema.Key).Where(name => !used.Contains(Components + name));
    }

    /// <summary>The members of all objects that requests, or answers, hold.</summary>
    public IEnumerable<(string Path, string Name, JsonObject Schema, bool IsRequired)> Members(bool requests)
    {
        var (queue, seen) = (new Queue<(string, JsonObject)>(), new HashSet<string>());
        foreach (var (name, operation) in Operations())
        {
            queue.Enqueue(($"{name} {(requests ? "requestBody" : "responses")}", (requests ? operation["requestBody"] : operation["responses"])?.AsObject() ?? []));
        }

        while (queue.TryDequeue(out var next))
        {
            foreach (var (path, node) in Nodes(next.Item2, next.Item1))
            {
                if ((string?)node["$ref"] is { } reference && seen.Add(reference))
                {
                    var name = reference[Components.Length..];
                    queue.Enqueue((name, document["components"]!["schemas"]![name]!.AsObject()));
                }

                // JSON Resume's are left out where there is nothing to say.
                foreach (var (name, schema) in IsJsonResume(path) ? [] : node["properties"] as JsonObject ?? [])
                {
                    yield return ($"{path}.{name}", name, schema!.AsObject(), node["required"]?.AsArray().Any(required => (string)required! == name) == true);
                }
            }
        }
    }

    private static bool IsJsonResume(string path) => path.StartsWith("Resume", StringComparison.Ordinal) && !path.StartsWith("ResumeResponse", StringComparison.Ordinal);

    private static IEnumerable<(string Path, JsonObject Node)> Nodes(JsonNode? node, string path) => node switch
    {
        JsonObject members => [(path, members), .. members.SelectMany(member => Nodes(member.Value, $"{path}/{member.Key}"))],
        JsonArray items => items.SelectMany((item, index) => Nodes(item, $"{path}/{index}")),
        _ => [],
    };
}
