using System.Globalization;
using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>Reads and breaks documents by path: <c>/spec/replicas</c>; <c>~1</c> is a slash in a name.</summary>
internal static class JsonPointer
{
    public static JsonNode? At(this JsonNode? node, string pointer) =>
        Names(pointer).Aggregate(node, (parent, name) => parent switch
        {
            JsonArray array => int.Parse(name, CultureInfo.InvariantCulture) is var index && index < array.Count ? array[index] : null,
            JsonObject members => members[name],
            _ => null,
        });

    public static string? Text(this JsonNode? node, string pointer) => node.At(pointer)?.ToString();

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string pointer) =>
        node.At(pointer) is JsonArray array ? array.OfType<JsonNode>() : [];

    /// <param name="json">Null removes what is there.</param>
    public static void Set(this JsonNode node, string pointer, string? json)
    {
        var names = Names(pointer);
        var parent = node.At(string.Concat(names.SkipLast(1).Select(name => $"/{name.Replace("/", "~1", StringComparison.Ordinal)}")));
        var value = json is null ? null : JsonNode.Parse(json);
        switch (parent)
        {
            case JsonArray array:
                array[int.Parse(names[^1], CultureInfo.InvariantCulture)] = value;
                break;
            case JsonObject members when json is null:
                Assert.True(members.Remove(names[^1]), $"There is no {pointer}.");
                break;
            case JsonObject members:
                members[names[^1]] = value;
                break;
            default:
                Assert.Fail($"There is no {pointer}.");
                break;
        }
    }

    private static string[] Names(string pointer) =>
        [.. pointer.Split('/').Skip(1).Select(name => name.Replace("~1", "/", StringComparison.Ordinal))];
}
