using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Explaino.Testing;

/// <summary>The one shape of every refusal: RFC 9457 with our stable code.</summary>
public static class ProblemAssert
{
    /// <summary>Gives the problem for further looks; <c>errors</c> must name exactly these members, or be absent.</summary>
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
            Assert.False(problem.ContainsKey("errors"), $"No errors expected:\n{body}");
            return problem;
        }

        var named = Assert.IsType<JsonObject>(problem["errors"]);
        Assert.Equal(errors.Order(StringComparer.Ordinal), named.Select(error => error.Key).Order(StringComparer.Ordinal));
        Assert.All(named, error => Assert.NotEmpty(Assert.IsType<JsonArray>(error.Value)));
        return problem;
    }
}
