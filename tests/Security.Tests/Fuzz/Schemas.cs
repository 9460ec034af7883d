using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Judges JSON by the part of JSON Schema that our documents use; a member that is not documented is a finding too.</summary>
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

    /// <summary>What is wrong with it, by path.</summary>
    public IEnumerable<string> Complaints(JsonNode? value, JsonNode schema, string path = "$")
    {
        var resolved = Resolve(schema);
        if (resolved["oneOf"] is JsonArray alternatives)
        {
            return alternatives.Any(alternative => !Complaints(value, alternative!, path).Any()) ? [] : [$"{path} is none of the alternatives"];
        }

        if (resolved["enum"] is JsonArray words)
        {
            return words.Any(word => JsonNode.DeepEquals(word, value)) ? [] : [$"{path} is none of the words"];
        }

        var types = Types(resolved);
        if (types.Count > 0 && !types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number")))
        {
            return [$"{path} is {TypeOf(value)}, not {string.Join(" or ", types)}"];
        }

        return value switch
        {
            JsonObject members => InObject(members, resolved, path),
            JsonArray items => resolved["items"] is { } each ? items.SelectMany((item, index) => Complaints(item, each, $"{path}[{index}]")) : [],
            JsonValue simple when simple.GetValueKind() == JsonValueKind.String => InText((string)simple!, resolved, path),
            _ => [],
        };
    }

    public static List<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => (string)type!)],
        JsonNode one => [(string)one!],
        null => [],
    };

    private IEnumerable<string> InObject(JsonObject members, JsonObject schema, string path)
    {
        var properties = schema["properties"]?.AsObject();
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!members.ContainsKey((string)name!))
            {
                yield return $"{path}.{name} is missing";
            }
        }

        foreach (var (name, member) in members)
        {
            if (properties?[name] is { } known)
            {
                foreach (var complaint in Complaints(member, known, $"{path}.{name}"))
                {
                    yield return complaint;
                }
            }
            else if (properties is not null && schema["additionalProperties"] is null)
            {
                yield return $"{path}.{name} is not documented";
            }
        }
    }

    private static IEnumerable<string> InText(string text, JsonObject schema, string path)
    {
        if (text.Length > ((int?)schema["maxLength"] ?? int.MaxValue) || text.Length < ((int?)schema["minLength"] ?? 0))
        {
            yield return $"{path} is {text.Length} characters long";
        }

        var fits = (string?)schema["format"] switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
        if (!fits)
        {
            yield return $"{path} is no {schema["format"]}";
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
    };
}
