using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Documents;

/// <summary>A seeded fault: a document with one thing changed, for a checker to find.</summary>
internal static class SeededFault
{
    /// <param name="document">Where.</param>
    /// <param name="way">The names and positions that lead to it, a ~ in them a slash of a name.</param>
    /// <param name="fault">The JSON that takes its place; empty removes it.</param>
    public static void Plant(JsonObject document, string way, string fault)
    {
        var names = way.Split('/').Select(name => name.Replace('~', '/')).ToList();
        switch (names.SkipLast(1).Aggregate((JsonNode)document, Step))
        {
            case JsonArray items when fault.Length == 0: items.RemoveAt(int.Parse(names[^1])); break;
            case JsonArray items: items[int.Parse(names[^1])] = JsonNode.Parse(fault); break;
            case JsonObject members when fault.Length > 0: members[names[^1]] = JsonNode.Parse(fault); break;
            case var members: Assert.True(members.AsObject().Remove(names[^1])); break;
        }
    }

    private static JsonNode Step(JsonNode node, string name) => node is JsonArray items ? items[int.Parse(name)]! : node[name]!;
}
