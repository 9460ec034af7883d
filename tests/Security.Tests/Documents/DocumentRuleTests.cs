using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Security.Tests.Documents;

/// <summary>The OpenAPI documents can be used: by generators of clients, and by whoever compiles what those make.</summary>
public sealed class DocumentRuleTests(SecuritySystem system)
{
    public static TheoryData<string> Documents => [.. SecuritySystem.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_document_keeps_the_rules(string name)
    {
        var document = await system.Gateway.GetObjectAsync($"/openapi/{name}.json");

        Assert.Empty(new DocumentRules(document).Complaints());
    }

    [Fact]
    public async Task The_same_name_means_the_same_in_all_documents()
    {
        var schemas = new Dictionary<string, JsonNode>();
        foreach (var name in SecuritySystem.Documents)
        {
            var document = await system.Gateway.GetObjectAsync($"/openapi/{name}.json");

            Assert.All(document["components"]!["schemas"]!.AsObject(), schema =>
                Assert.True(schemas.TryAdd(schema.Key, schema.Value!) || JsonNode.DeepEquals(schemas[schema.Key], schema.Value), schema.Key));
        }

        var names = (await system.OperationsAsync()).Select(operation => (string?)operation.Description["operationId"]).ToList();
        Assert.Equal(names, names.Distinct());
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "components/schemas/Workplace/enum/0", "null", "has null among its words" },
        { "components/schemas/JobResponse/properties/tags/items", "", "has no items" },
        { "components/schemas/JobResponse/properties/workplace/oneOf/0/type", "\"string\"", "is not one component or null" },
        { "components/schemas/JobRequest/properties/title/pattern", "\"[a-z]\"", "has a pattern that is not anchored" },
        { "components/schemas/JobResponse/properties/title", "{}", "says nothing" },
        { "components/schemas/Workplace/enum", "", "Workplace is no object and no words" },
        { "components/schemas/Unwanted", "{\"type\":\"object\"}", "Unwanted is used by nothing" },
        { "components/schemas/JobRequest/properties/title/type", "[\"null\",\"string\"]", "JobRequest.title must be there and may be null" },
        { "components/schemas/JobResponse/required", "[\"id\"]", "JobResponse.title need not be there" },
        { "paths/~api~jobs/post/summary", "", "POST /api/jobs has no name, no summary or no security" },
        { "paths/~api~jobs/get/parameters/0/name", "\"authorId\"", "GET /api/jobs has a parameter authorId" },
        { "paths/~api~jobs~{id}/get/parameters/0/name", "\"job_id\"", "GET /api/jobs/{id} has other parameters than its path" },
        { "paths/~api~jobs/get/responses/200/content", "", "GET /api/jobs has 200 without content" },
        { "paths/~api~jobs/get/responses/200/content/application~json/schema", "", "GET /api/jobs has 200 without a schema" },
        { "paths/~api~jobs/post/responses/201/headers/Location", "", "POST /api/jobs does not say where the new thing is" },
        { "paths/~api~jobs/post/responses/201/headers/Idempotency-Replayed", "", "POST /api/jobs does not say that its answer may be replayed" },
        { "paths/~api~jobs~{id}/get/responses/200/headers/ETag", "", "GET /api/jobs/{id} does not say its version" },
        { "paths/~api~jobs~{id}/get/responses/304", "", "GET /api/jobs/{id} does not say how its version is asked for" },
        { "paths/~api~jobs~{id}/delete/responses/204/content", "{}", "DELETE /api/jobs/{id} has 204 with content" },
        { "paths/~api~jobs~{id}~images~{image_id}/get/responses/200/headers/ETag", "", "GET /api/jobs/{id}/images/{image_id} does not say its version" },
        { "paths/~api~jobs~{id}/get/responses/default/headers/Retry-After", "", "GET /api/jobs/{id} has refusals without Retry-After" },
        { "paths/~api~jobs~{id}/patch/requestBody/content/application~merge-patch+json", "", "PATCH /api/jobs/{id} is no merge patch" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Seeded_a_document_that_breaks_a_rule_is_noticed(string way, string fault, string complaint)
    {
        var document = await system.Gateway.GetObjectAsync("/openapi/jobs.json");

        SeededFault.Plant(document, way, fault);

        Assert.Contains(new DocumentRules(document).Complaints(), found => found.Contains(complaint, StringComparison.Ordinal));
    }
}
