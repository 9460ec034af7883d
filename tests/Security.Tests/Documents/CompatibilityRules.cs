using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Documents;

/// <summary>
/// Backward compatibility of the API: apps of years ago call the services of today, so a released operation takes all that it took and gives all that it gave.
/// Additions are no faults: clients ignore members that they do not know (docs/contract.md#1-conventions).
/// </summary>
internal sealed class CompatibilityRules(JsonObject released, JsonObject current)
{
    public IEnumerable<string> Faults() => ((string[])
    [
        .. new DocumentTree(released).Operations().SelectMany(each => AboutOperation(each.Name, each.Operation)),
        .. released["components"]!["schemas"]!.AsObject().Where(schema => current["components"]!["schemas"]![schema.Key] is null).Select(schema => $"{schema.Key} is gone"),
    ]).Distinct();

    private IEnumerable<string> AboutOperation(string name, JsonObject operation)
    {
        var (method, path) = (name.Split(' ')[0].ToLowerInvariant(), name.Split(' ')[1]);
        if (current["paths"]![path]?[method] is not JsonObject now)
        {
            return [$"{name} is gone"];
        }

        return
        [
            .. (string?)operation["operationId"] == (string?)now["operationId"] ? Enumerable.Empty<string>() : [$"{name} has another operationId"],
            .. operation["security"] is JsonArray { Count: 0 } && now["security"] is JsonArray { Count: > 0 } ? [$"{name} now needs a token"] : Enumerable.Empty<string>(),
            .. AboutParameters(name, Parameters(operation), Parameters(now)),
            .. AboutBody(name, operation["requestBody"], now["requestBody"]),
            .. operation["responses"]!.AsObject().SelectMany(response => AboutResponse($"{name} {response.Key}", response.Value!, now["responses"]![response.Key])),
        ];
    }

    private IEnumerable<string> AboutParameters(string name, Dictionary<string, JsonObject> before, Dictionary<string, JsonObject> now)
    {
        foreach (var parameter in before.Keys.Where(parameter => !now.ContainsKey(parameter)))
        {
            yield return $"{name} parameter {parameter} is gone";
        }

        foreach (var (parameter, description) in now)
        {
            var former = before.GetValueOrDefault(parameter);
            if (IsRequired(description) && (former is null || !IsRequired(former)))
            {
                yield return $"{name} parameter {parameter} is now required";
            }

            foreach (var fault in former is null ? [] : Input().Faults($"{name} parameter {parameter}", former["schema"]!, description["schema"]!))
            {
                yield return fault;
            }
        }
    }

    private IEnumerable<string> AboutBody(string name, JsonNode? before, JsonNode? now)
    {
        if (now is not null && IsRequired(now) && (before is null || !IsRequired(before)))
        {
            yield return $"{name} body is now required";
        }

        foreach (var fault in AboutContent($"{name} body", before, now, Input()))
        {
            yield return fault;
        }
    }

    private IEnumerable<string> AboutResponse(string name, JsonNode before, JsonNode? now)
    {
        if (now is null)
        {
            yield return $"{name} is gone";
            yield break;
        }

        foreach (var (header, _) in (before["headers"] as JsonObject ?? []).Where(header => now["headers"]?[header.Key] is null))
        {
            yield return $"{name} header {header} is gone";
        }

        foreach (var fault in AboutContent(name, before, now, new SchemaCompatibility(released, current, isInput: false)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> AboutContent(string name, JsonNode? before, JsonNode? now, SchemaCompatibility schemas) =>
        (before?["content"] as JsonObject ?? []).SelectMany(content => now?["content"]?[content.Key] is { } same
            ? schemas.Faults(name, content.Value!["schema"]!, same["schema"]!)
            : [$"{name} as {content.Key} is gone"]);

    private SchemaCompatibility Input() => new(released, current, isInput: true);

    private static bool IsRequired(JsonNode node) => (bool?)node["required"] == true;

    private static Dictionary<string, JsonObject> Parameters(JsonObject operation) =>
        (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject()).ToDictionary(parameter => (string)parameter["name"]!);
}
