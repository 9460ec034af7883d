using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Documents;

/// <summary>Whether a schema of today takes what the released one took (input), or gives what it gave (output).</summary>
internal sealed class SchemaCompatibility(JsonObject released, JsonObject current, bool isInput)
{
    private static readonly string[] Maxima = ["maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"];
    private static readonly string[] Minima = ["minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"];
    private static readonly string[] Forms = ["pattern", "format", "uniqueItems"];

    /// <summary>Components refer to each other in circles.</summary>
    private readonly HashSet<(string?, string?)> _seen = [];

    public IEnumerable<string> Faults(string path, JsonNode releasedSchema, JsonNode currentSchema)
    {
        var (before, now) = (new Schema(released, releasedSchema), new Schema(current, currentSchema));
        if (before.Name is not null && !_seen.Add((before.Name, now.Name)))
        {
            return [];
        }

        path = before.Name ?? path;
        return
        [
            .. isInput ? AboutInput(path, before, now) : AboutOutput(path, before, now),
            .. before.Words.Except(now.Words).Where(_ => now.Words.Count > 0).Select(word => $"{path} no longer has the word {word}"),
            .. before.Properties.SelectMany(property => now.Properties[property.Key] is { } same
                ? Faults($"{path}.{property.Key}", property.Value!, same)
                : [$"{path}.{property.Key} is gone"]),
            .. Part(path, "items", before, now),
            .. Part(path, "additionalProperties", before, now),
        ];
    }

    private static IEnumerable<string> AboutInput(string path, Schema before, Schema now)
    {
        foreach (var type in before.Types.Except(now.Types).Where(type => !(type == "integer" && now.Types.Contains("number"))))
        {
            yield return $"{path} no longer takes {type}";
        }

        foreach (var member in now.Required.Except(before.Required))
        {
            yield return $"{path}.{member} is now required";
        }

        if (before.Words.Count == 0 && now.Words.Count > 0)
        {
            yield return $"{path} now takes certain words only";
        }

        foreach (var limit in Maxima.Where(limit => now.Limit(limit) < (before.Limit(limit) ?? decimal.MaxValue))
            .Concat(Minima.Where(limit => now.Limit(limit) > (before.Limit(limit) ?? (limit.Contains("imum", StringComparison.Ordinal) ? decimal.MinValue : 0))))
            .Concat(Forms.Where(form => now.Form(form) is { } added && added != before.Form(form))))
        {
            yield return $"{path} has a tighter {limit}";
        }
    }

    private static IEnumerable<string> AboutOutput(string path, Schema before, Schema now)
    {
        foreach (var type in now.Types.Except(before.Types).Where(type => !(type == "integer" && before.Types.Contains("number"))))
        {
            yield return $"{path} may now be {type}";
        }

        foreach (var member in before.Required.Except(now.Required).Where(now.Properties.ContainsKey))
        {
            yield return $"{path}.{member} may now be absent";
        }

        if (before.Form("format") != now.Form("format"))
        {
            yield return $"{path} has another format";
        }
    }

    private IEnumerable<string> Part(string path, string keyword, Schema before, Schema now) => (before.Part(keyword), now.Part(keyword)) switch
    {
        (JsonObject former, JsonObject same) => Faults($"{path}.{keyword}", former, same),
        (JsonObject, _) => [$"{path}.{keyword} is gone"],
        _ => [],
    };

    /// <summary>A schema with what it refers to in its place; <c>oneOf</c> is a component or null.</summary>
    private sealed class Schema
    {
        private readonly JsonObject _node;

        public Schema(JsonObject document, JsonNode node)
        {
            var choices = node["oneOf"] as JsonArray;
            var chosen = choices?.Single(choice => choice!["$ref"] is not null)!["$ref"] ?? node["$ref"];
            Name = ((string?)chosen)?[DocumentTree.Components.Length..];
            _node = Name is null ? node.AsObject() : document["components"]!["schemas"]![Name]?.AsObject() ?? [];
            Types = [.. _node["type"] is JsonArray several ? several.Select(type => (string)type!) : _node["type"] is { } one ? [(string)one!] : [], .. choices is null ? Array.Empty<string>() : ["null"]];
        }

        public string? Name { get; }

        public IReadOnlyList<string> Types { get; }

        public JsonObject Properties => _node["properties"] as JsonObject ?? [];

        public IEnumerable<string> Required => (_node["required"] as JsonArray ?? []).Select(member => (string)member!);

        public IReadOnlyList<string> Words => [.. (_node["enum"] as JsonArray ?? []).Select(word => word!.ToString())];

        public decimal? Limit(string keyword) => decimal.TryParse(_node[keyword]?.ToString(), out var limit) ? limit : null;

        public string? Form(string keyword) => _node[keyword]?.ToString();

        public JsonNode? Part(string keyword) => _node[keyword];
    }
}
