using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.Security.Tests.Authorization;
using Explaino.Security.Tests.Fuzz;

namespace Explaino.Security.Tests.Documents;

/// <summary>
/// Text limits (docs/contract.md#1-conventions), for every text that any document takes: long texts may hold newlines and tabs, all others are one line. A member
/// that is new is tried without being named here.
/// </summary>
public sealed class TextRuleTests(SecuritySystem system)
{
    private const string Lines = "first\r\nsecond\tthird";
    private const string Kept = "first\nsecond\tthird";

    private static readonly HashSet<string> LongTexts = ["bio", "about", "description", "content"];

    /// <summary>Never looked into: any character is good for the one, and every wrong one of the other is the same 401.</summary>
    private static readonly HashSet<string> Secrets = ["password", "current_password", "new_password", "refresh_token"];

    [Fact]
    public async Task Long_texts_may_have_lines_and_no_other_text_may()
    {
        var (tried, complaints) = await ComplaintsAsync(Matrix.Documented, LongTexts);

        Assert.Empty(complaints);
        Assert.True(tried > 80, $"{tried} texts were tried.");
    }

    [Fact]
    public async Task Seeded_a_text_under_the_wrong_rule_is_noticed()
    {
        var (_, complaints) = await ComplaintsAsync(Matrix.Documented.Where(row => row.Operation is "POST /api/jobs" or "GET /api/jobs"), ["title", "q"]);

        Assert.Contains("POST /api/jobs title is 400, as long text it is no more than that.", complaints);
        Assert.Contains("POST /api/jobs description is 201 with lines.", complaints);
        Assert.Contains("GET /api/jobs q is 400, as long text it is no more than that.", complaints);
    }

    private async Task<(int Tried, IReadOnlyCollection<string> Complaints)> ComplaintsAsync(IEnumerable<Row> rows, HashSet<string> longTexts)
    {
        var operations = (await system.OperationsAsync()).ToDictionary(operation => operation.Name);
        var (tried, complaints) = (0, new ConcurrentQueue<string>());
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (row, _) =>
        {
            var operation = operations[row.Operation.Split('?')[0]];
            var who = row.Expected.Owner is >= 200 and < 300 or 400 ? Who.Owner : Who.Admin;
            var cast = new TestActors(system) { Caller = who };
            Target? target = null;
            foreach (var path in TextsOf(operation))
            {
                Interlocked.Increment(ref tried);
                target ??= await row.Prepare(cast);
                var isLong = longTexts.Contains(path.Last(step => step != "0"));
                if (await TryAsync(cast, row, operation, target, path, isLong) is { } complaint)
                {
                    complaints.Enqueue($"{operation.Name} {string.Join('.', path)} {complaint}");
                }

                // What was refused is still there to be tried on.
                target = isLong ? null : target;
            }
        });
        return (tried, complaints);
    }

    private async Task<string?> TryAsync(TestActors cast, Row row, Operation operation, Target target, string[] path, bool isLong)
    {
        using var client = new HttpClient { BaseAddress = system.Gateway.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await cast.Me).AccessToken());
        var isQuery = row.Method == "GET";
        using var response = isQuery
            ? await client.GetAsync($"{target.PathOf(operation.Path)}?{path[0]}={Uri.EscapeDataString(Lines)}")
            : await Matrix.SendAsync(client, row, target with { Body = With(target.Body!, path, Lines) });

        var answer = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await response.Content.ReadFromJsonAsync<JsonNode>() : null;
        if (!isLong)
        {
            return answer?["errors"]?[Wire(path)] is not null ? null : $"is {(int)response.StatusCode} with lines.";
        }

        return !response.IsSuccessStatusCode ? $"is {(int)response.StatusCode}, as long text it is no more than that."
            : At(answer, path) is { } kept && (string?)kept != Kept ? $"is kept as {JsonSerializer.Serialize((string?)kept)}."
            : null;
    }

    /// <summary>The ways to all texts that an operation takes: of people, so that no form or list of words is said of them.</summary>
    private static IEnumerable<string[]> TextsOf(Operation operation)
    {
        var schemas = new Schemas(operation.Document);
        return operation.Method == "GET"
            ? from parameter in operation.Description["parameters"]?.AsArray() ?? []
              where (string)parameter!["in"]! == "query" && (string)parameter["name"]! is not "cursor" and not "ids" && IsText(parameter["schema"]!.AsObject())
              select new[] { (string)parameter["name"]! }
            : operation.Description["requestBody"]?["content"]?["application/json"]?["schema"] is { } body ? TextsOf(schemas, body, []) : [];
    }

    private static IEnumerable<string[]> TextsOf(Schemas schemas, JsonNode schema, string[] path)
    {
        var resolved = schemas.Resolve(schema);
        return IsText(resolved) ? [path]
            : resolved["items"] is { } item ? TextsOf(schemas, item, [.. path, "0"])
            : resolved["properties"] is JsonObject members
                ? members.Where(member => !Secrets.Contains(member.Key)).SelectMany(member => TextsOf(schemas, member.Value!, [.. path, member.Key]))
                : [];
    }

    private static bool IsText(JsonObject schema) => Schemas.Types(schema).Contains("string") && schema["format"] is null && schema["enum"] is null;

    /// <summary>The body with a text at this place.</summary>
    private static JsonNode With(object body, string[] path, string text)
    {
        var whole = JsonSerializer.SerializeToNode(body)!;
        whole = whole is JsonArray items ? new JsonObject { ["items"] = items.DeepClone() } : whole;
        var node = whole;
        foreach (var (step, next) in path.Zip(path.Skip(1).Append("")))
        {
            if (next.Length == 0)
            {
                Set(node, step, text);
                break;
            }

            if (Get(node, step) is null)
            {
                Set(node, step, next == "0" ? new JsonArray() : new JsonObject());
            }

            node = Get(node, step)!;
        }

        return whole;
    }

    private static void Set(JsonNode node, string step, JsonNode value)
    {
        if (node is not JsonArray items)
        {
            node[step] = value;
        }
        else if (items.Count > 0)
        {
            items[0] = value;
        }
        else
        {
            items.Add(value);
        }
    }

    private static JsonNode? Get(JsonNode? node, string step) => node is JsonArray items ? (items.Count > 0 ? items[0] : null) : (node as JsonObject)?[step];

    private static JsonNode? At(JsonNode? node, string[] path) => path.Aggregate(node, Get);

    private static string Wire(string[] path) => path.Aggregate("", (wire, step) => step == "0" ? $"{wire}[0]" : wire.Length == 0 ? step : $"{wire}.{step}");
}
