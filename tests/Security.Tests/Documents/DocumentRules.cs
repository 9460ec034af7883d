using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Explaino.Security.Tests.Documents;

/// <summary>What makes an OpenAPI document useful to generators of clients; what breaks a rule is named by where it stands.</summary>
internal sealed partial class DocumentRules(JsonObject document)
{
    /// <summary>Members of answers that are left out where they would be null; every other one is always there.</summary>
    private static readonly HashSet<string> LeftOut =
    [
        "chat_id", "group_id", "deleted", "errors", "violations", "until", "participants", "feed", "AttachmentResponse.width", "AttachmentResponse.height", "AttachmentResponse.placeholder",
        "validThrough", "employmentType", "jobLocation", "jobLocationType", "applicantLocationRequirements", "keywords", "image",
    ];

    private readonly DocumentTree _document = new(document);

    public IEnumerable<string> Complaints() =>
    [
        .. _document.Nodes().SelectMany(node => AboutSchema(node.Path, node.Node)),
        .. _document.Operations().SelectMany(each => AboutOperation(each.Name, each.Operation).Select(complaint => $"{each.Name} {complaint}")),
        .. _document.Unused().Select(name => $"{name} is used by nothing"),
        .. _document.Members(requests: true).Where(member => member.IsRequired && IsNullable(member.Schema)).Select(member => $"{member.Path} must be there and may be null"),
        .. _document.Members(requests: false).Where(member => !member.IsRequired && !LeftOut.Contains(member.Name) && !LeftOut.Contains(member.Path)).Select(member => $"{member.Path} need not be there"),
    ];

    private static IEnumerable<string> AboutSchema(string path, JsonObject node)
    {
        if (node["enum"] is JsonArray words && words.Contains(null))
        {
            yield return $"{path} has null among its words";
        }

        if (Types(node).Contains("array") && node["items"] is null)
        {
            yield return $"{path} has no items";
        }

        if (node["oneOf"] is JsonArray choices && choices is not [JsonObject { Count: 1 } none, JsonObject { Count: 1 } other]
            || (node["oneOf"] is JsonArray { Count: 2 } pair && ((string?)pair[0]!["type"] != "null" || pair[1]!["$ref"] is null)))
        {
            yield return $"{path} is not one component or null";
        }

        if ((string?)node["pattern"] is { } pattern && !(pattern.StartsWith('^') && pattern.EndsWith('$')))
        {
            yield return $"{path} has a pattern that is not anchored";
        }

        if (Component().IsMatch(path) && node["properties"] is null && node["enum"] is null)
        {
            yield return $"{path} is no object and no words";
        }

        if (IsSchema(path) && !node.Any(keyword => keyword.Key is "type" or "$ref" or "oneOf"))
        {
            yield return $"{path} says nothing";
        }
    }

    private static IEnumerable<string> AboutOperation(string name, JsonObject operation)
    {
        var responses = operation["responses"]!.AsObject();
        var parameters = Parameters(operation).ToList();
        if ((string?)operation["operationId"] is null || (string?)operation["summary"] is null || operation["security"] is null)
        {
            yield return "has no name, no summary or no security";
        }

        foreach (var parameter in parameters.Where(parameter => (string)parameter["in"]! != "header" && !WireName().IsMatch((string)parameter["name"]!)))
        {
            yield return $"has a parameter {parameter["name"]}";
        }

        var inPath = parameters.Where(parameter => (string)parameter["in"]! == "path").Select(parameter => (string)parameter["name"]!);
        if (!inPath.Order().SequenceEqual(InPath().Matches(name).Select(match => match.Value).Order()))
        {
            yield return "has other parameters than its path";
        }

        foreach (var complaint in responses.SelectMany(response => AboutResponse(name, response.Key, response.Value!.AsObject())))
        {
            yield return complaint;
        }

        if (Header(responses["default"], "Retry-After") is null)
        {
            yield return "has refusals without Retry-After";
        }

        if (parameters.Any(parameter => (string)parameter["name"]! == "Idempotency-Key")
            && responses.Any(response => response.Key.StartsWith('2') && Header(response.Value, "Idempotency-Replayed") is null))
        {
            yield return "does not say that its answer may be replayed";
        }

        if (name.StartsWith("GET", StringComparison.Ordinal) && IsConditional(operation) != (Header(responses["200"], "ETag") is not null))
        {
            yield return "does not say how its version is asked for";
        }

        if (name.StartsWith("PATCH", StringComparison.Ordinal)
            && operation["requestBody"]?["content"]?.AsObject().Select(type => type.Key).SequenceEqual(["application/json", "application/merge-patch+json"]) != true)
        {
            yield return "is no merge patch";
        }
    }

    private static IEnumerable<string> AboutResponse(string operation, string status, JsonObject response)
    {
        var content = response["content"]?.AsObject();
        if (status != "202" && content is null != status is "204" or "304")
        {
            yield return $"has {status} {(content is null ? "without" : "with")} content";
        }

        if (content?.Any(type => type.Value!["schema"] is null) == true)
        {
            yield return $"has {status} without a schema";
        }

        if (status == "201" && Header(response, "Location") is null)
        {
            yield return "does not say where the new thing is";
        }

        // What tells the time is never the same.
        var isThing = operation.StartsWith("GET /api/", StringComparison.Ordinal) && operation != "GET /api/client" && content?["application/json"] is { } json && !IsPage(json);
        if ((isThing || IsFile(content)) && status == "200" && Header(response, "ETag") is null)
        {
            yield return "does not say its version";
        }
    }

    /// <summary>Whose version is said can be asked for by it.</summary>
    private static bool IsConditional(JsonObject operation) =>
        operation["responses"]!["304"] is not null && Parameters(operation).Any(parameter => (string)parameter["name"]! == "If-None-Match");

    private static bool IsPage(JsonNode media) => ((string?)media["schema"]?["$ref"])?.StartsWith($"{DocumentTree.Components}PageOf", StringComparison.Ordinal) == true;

    private static bool IsFile(JsonObject? content) => content?.Any(type => (string?)type.Value!["schema"]?["format"] == "binary") == true;

    private static JsonNode? Header(JsonNode? response, string name) => response?["headers"]?[name];

    private static IEnumerable<JsonObject> Parameters(JsonObject operation) => operation["parameters"]?.AsArray().Select(parameter => parameter!.AsObject()) ?? [];

    private static bool IsSchema(string path) => path.EndsWith("/schema", StringComparison.Ordinal) || path.EndsWith("/items", StringComparison.Ordinal)
        || SchemaPath().IsMatch(path);

    private static bool IsNullable(JsonObject schema) => Types(schema).Contains("null") || schema["oneOf"] is not null;

    private static List<string?> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => (string?)type)],
        JsonValue one => [one.ToString()],
        _ => [],
    };

    [GeneratedRegex("^/components/schemas/[^/]+$")]
    private static partial Regex Component();

    [GeneratedRegex(@"/(components/schemas|properties|headers/[^/]+)/[^/]+$")]
    private static partial Regex SchemaPath();

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex WireName();

    [GeneratedRegex(@"(?<=\{)\w+(?=\})")]
    private static partial Regex InPath();
}
