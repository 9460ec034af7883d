using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing.Documents;

namespace Explaino.Testing.Tests;

/// <summary>Response rules: an answer that keeps its document passes, and every way to break it is noticed.</summary>
public sealed class ResponseRulesTests
{
    private const string Thing = """{ "id": "0197f3a0-0000-7000-8000-000000000001", "made_at": "2026-11-26T12:00:00Z", "shade": null }""";

    private static readonly ResponseRules Rules = new(JsonNode.Parse(
        """
        {
          "paths": {
            "/api/things/{id}": { "get": { "responses": {
              "200": {
                "headers": { "ETag": { "required": true } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
              "206": { "content": { "application/pdf": { "schema": { "type": "string", "format": "binary" } } } },
              "default": { } } } },
            "/api/things/latest": { "get": { "responses": { "204": { } } } }
          },
          "components": { "schemas": {
            "Thing": {
              "type": "object",
              "required": ["id", "made_at", "shade"],
              "properties": {
                "id": { "type": "string", "format": "uuid" },
                "made_at": { "type": "string", "format": "date-time" },
                "shade": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Shade" }] } } },
            "Shade": { "type": "string", "enum": ["dark", "light"] },
            "Problem": { "type": "object", "required": ["code"], "properties": { "code": { "type": "string" } } }
          } }
        }
        """)!.AsObject());

    [Theory]
    [InlineData("things/1", 200, "application/json", Thing)]
    [InlineData("Things/1/", 200, "application/json", Thing)]
    [InlineData("things/1", 206, "application/pdf", "%PDF")]
    [InlineData("things/1", 404, "application/problem+json", """{ "code": "thing_not_found" }""")]
    [InlineData("things/latest", 204, null, "")]
    [InlineData("elsewhere", 200, "text/plain", "what no document tells of")]
    public async Task An_answer_as_documented_passes(string path, int status, string? type, string body) =>
        Assert.Empty(await ComplaintsAsync(path, status, type, body));

    [Theory]
    [InlineData("things/1", 201, "application/json", Thing, "201, which is not documented")]
    [InlineData("things/latest", 200, "application/json", Thing, "200, which is not documented")]
    [InlineData("things/1", 200, "text/plain", Thing, "text/plain, which is not documented")]
    [InlineData("things/1", 200, null, "", "has no content")]
    [InlineData("things/1", 200, "application/json", "no JSON", "should be \"object\"")]
    [InlineData("things/1", 200, "application/json", """{ "id": "1", "made_at": "2026-11-26T12:00:00Z", "shade": "dark" }""", "/id")]
    [InlineData("things/1", 200, "application/json", """{ "id": "0197f3a0-0000-7000-8000-000000000001", "made_at": "2026-11-26T12:00:00+01:00", "shade": "dark" }""", "/made_at")]
    [InlineData("things/1", 200, "application/json", """{ "id": "0197f3a0-0000-7000-8000-000000000001", "made_at": "2026-11-26T12:00:00Z", "shade": "green" }""", "/shade")]
    [InlineData("things/1", 200, "application/json", """{ "id": "0197f3a0-0000-7000-8000-000000000001", "made_at": "2026-11-26T12:00:00Z" }""", "shade")]
    [InlineData("things/1", 200, "application/json", """{ "id": null, "made_at": "2026-11-26T12:00:00Z", "shade": null }""", "/id")]
    [InlineData("things/1", 200, "application/json", """{ "id": "0197f3a0-0000-7000-8000-000000000001", "made_at": "2026-11-26T12:00:00Z", "shade": null, "hash": 1 }""", "/hash is not documented")]
    [InlineData("things/1", 404, "application/problem+json", """{ "code": "thing_not_found", "stack": "" }""", "/stack is not documented")]
    [InlineData("elsewhere", 500, "application/problem+json", "{}", "code")]
    public async Task Seeded_an_answer_that_is_otherwise_is_noticed(string path, int status, string? type, string body, string complaint) =>
        Assert.Contains(await ComplaintsAsync(path, status, type, body), found => found.Contains(complaint, StringComparison.Ordinal));

    [Fact]
    public async Task Seeded_a_lost_header_and_an_undocumented_one_are_noticed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/api/things/1");
        using var response = new HttpResponseMessage { Content = new StringContent(Thing, Encoding.UTF8, "application/json") };
        response.Headers.Add("Location", "/api/things/2");

        Assert.Equal(
            ["GET /api/things/{id} 200 comes without ETag", "GET /api/things/{id} 200 has a Location, which is not documented"],
            await Rules.ComplaintsAsync(request, response));
    }

    private static async Task<IReadOnlyList<string>> ComplaintsAsync(string path, int status, string? type, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost/api/{path}");
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (type is not null)
        {
            response.Content = new StringContent(body, Encoding.UTF8, type);
        }

        if (status == 200)
        {
            response.Headers.Add("ETag", "\"1\"");
        }

        return await Rules.ComplaintsAsync(request, response);
    }
}
