using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Explaino.Testing;

/// <summary>The one shape of every refusal: RFC 9457 with our stable code.</summary>
public static class ProblemAssert
{
    /// <summary>The words of docs/contract.md#1-conventions for what a member breaks.</summary>
    private static readonly HashSet<string> Rules =
    [
        "required", "too_short", "too_long", "out_of_range", "wrong_type", "wrong_form", "not_a_word", "not_a_url", "in_the_past", "in_the_future", "before_start",
        "too_many", "duplicate", "taken", "common_password", "contains_name", "control_character", "blank", "incorrect", "oneself", "not_allowed",
    ];

    /// <summary>
    /// Gives the problem for further looks; <c>errors</c> must name exactly these members, or be absent. A member may be followed by a colon and the rule that
    /// it breaks, with the rule's numbers as JSON.
    /// </summary>
    public static async Task<JsonObject> IsProblemAsync(
        this HttpResponseMessage response, HttpStatusCode status, string code, params string[] errors)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"Expected {(int)status} {code}, got {(int)response.StatusCode}:\n{body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        var problem = Assert.IsType<JsonObject>(JsonNode.Parse(body));
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal($"https://explaino.dev/problems/{code.Replace('_', '-')}", (string?)problem["type"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]), "A problem has a title.");
        Assert.False(string.IsNullOrEmpty((string?)problem["trace_id"]), "A problem has a trace_id.");
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]), "A problem has a detail.");
        if (errors.Length == 0)
        {
            Assert.False(problem.ContainsKey("errors") || problem.ContainsKey("violations"), $"No errors expected:\n{body}");
            return problem;
        }

        var members = errors.Select(error => error.Split(':', 2)[0]).Order(StringComparer.Ordinal);

        var named = Assert.IsType<JsonObject>(problem["errors"]);
        Assert.Equal(members, named.Select(error => error.Key).Order(StringComparer.Ordinal));
        Assert.All(named, error => Assert.NotEmpty(Assert.IsType<JsonArray>(error.Value)));

        // A sentence and a violation each.
        var violations = Assert.IsType<JsonArray>(problem["violations"]).Select(violation => violation!.AsObject()).ToList();
        Assert.Equal(
            named.SelectMany(error => error.Value!.AsArray().Select(_ => error.Key)).Order(StringComparer.Ordinal),
            violations.Select(violation => (string)violation["path"]!).Order(StringComparer.Ordinal));
        Assert.All(violations, violation => Assert.Contains((string)violation["rule"]!, Rules));
        var told = violations.SelectMany(violation => new[] { $"{violation["path"]}:{violation["rule"]}", $"{violation["path"]}:{violation["rule"]}{violation["params"]!.ToJsonString()}" });
        Assert.Empty(errors.Where(error => error.Contains(':', StringComparison.Ordinal)).Except(told));
        return problem;
    }
}
