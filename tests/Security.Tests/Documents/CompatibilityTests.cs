using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Security.Tests.Documents;

/// <summary>The API keeps what <c>docs/openapi/released</c> promised to apps that are out there.</summary>
public sealed class CompatibilityTests(SecuritySystem system)
{
    private static readonly string File = Repository.PathTo("docs", "openapi", "released", "explaino.json");

    [Fact]
    public async Task What_was_released_is_still_served()
    {
        var served = await system.Gateway.GetObjectAsync("/openapi/explaino.json");

        Assert.Empty(new CompatibilityRules(await ReleasedAsync(), served).Faults());
    }

    [Fact]
    public async Task What_was_released_is_kept_in_order()
    {
        var text = await System.IO.File.ReadAllTextAsync(File);

        var names = new DocumentTree(JsonNode.Parse(text)!.AsObject()).Nodes().Select(node => node.Node.Select(member => member.Key).ToList());
        Assert.All(names, members => Assert.Equal(members.Order(StringComparer.Ordinal), members));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "paths/~api~jobs/post", "", "POST /api/jobs is gone" },
        { "paths/~api~jobs/post/operationId", "\"Publish\"", "POST /api/jobs has another operationId" },
        { "paths/~api~specializations/get/security", """[{ "bearer": [] }]""", "GET /api/specializations now needs a token" },
        { "paths/~api~jobs/get/parameters/0", "", "GET /api/jobs parameter q is gone" },
        { "paths/~api~jobs/get/parameters/0/required", "true", "GET /api/jobs parameter q is now required" },
        { "paths/~api~jobs/get/parameters/0", """{ "name": "sector", "in": "query", "required": true, "schema": { "type": "string" } }""", "GET /api/jobs parameter sector is now required" },
        { "paths/~api~jobs/post/requestBody/content/application~json", "", "POST /api/jobs body as application/json is gone" },
        { "paths/~api~jobs~{id}~like/put/requestBody", """{ "required": true, "content": {} }""", "PUT /api/jobs/{id}/like body is now required" },
        { "paths/~api~jobs/post/responses/201", "", "POST /api/jobs 201 is gone" },
        { "paths/~api~jobs/post/responses/201/content/application~json", "", "POST /api/jobs 201 as application/json is gone" },
        { "paths/~api~jobs/post/responses/201/headers/Location", "", "POST /api/jobs 201 header Location is gone" },
        { "components/schemas/JobResponse", "", "JobResponse is gone" },
        { "components/schemas/JobResponse/properties/title", "", "JobResponse.title is gone" },
        { "components/schemas/JobResponse/properties/title/type", """["null", "string"]""", "JobResponse.title may now be null" },
        { "components/schemas/JobResponse/required", "[]", "JobResponse.title may now be absent" },
        { "components/schemas/JobResponse/properties/created_at/format", "\"date\"", "JobResponse.created_at has another format" },
        { "components/schemas/JobResponse/properties/tags/items/type", "\"integer\"", "JobResponse.tags.items may now be integer" },
        { "components/schemas/JobRequest/properties/company", "", "JobRequest.company is gone" },
        { "components/schemas/JobRequest/required", """["title", "description", "company"]""", "JobRequest.company is now required" },
        { "components/schemas/JobRequest/properties/company/type", "\"string\"", "JobRequest.company no longer takes null" },
        { "components/schemas/JobRequest/properties/title/maxLength", "100", "JobRequest.title has a tighter maxLength" },
        { "components/schemas/JobRequest/properties/title/minLength", "2", "JobRequest.title has a tighter minLength" },
        { "components/schemas/JobRequest/properties/title/pattern", "\"^[a-z]$\"", "JobRequest.title has a tighter pattern" },
        { "components/schemas/JobRequest/properties/title/format", "\"uri\"", "JobRequest.title has a tighter format" },
        { "components/schemas/JobRequest/properties/title/enum", """["a"]""", "JobRequest.title now takes certain words only" },
        { "components/schemas/JobRequest/properties/tags/maxItems", "5", "JobRequest.tags has a tighter maxItems" },
        { "components/schemas/JobRequest/properties/tags/minItems", "1", "JobRequest.tags has a tighter minItems" },
        { "components/schemas/TransferRequest/properties/amount/maximum", "10", "TransferRequest.amount has a tighter maximum" },
        { "components/schemas/TransferRequest/properties/amount/minimum", "10", "TransferRequest.amount has a tighter minimum" },
        { "components/schemas/Workplace/enum", """["on_site", "remote"]""", "Workplace no longer has the word hybrid" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Seeded_a_breaking_change_is_found(string way, string fault, string complaint)
    {
        var released = await ReleasedAsync();
        var current = released.DeepClone().AsObject();

        SeededFault.Plant(current, way, fault);

        Assert.Contains(complaint, new CompatibilityRules(released, current).Faults());
    }

    [Theory]
    [InlineData("paths/~api~salaries", """{ "get": {} }""")]
    [InlineData("paths/~api~jobs/get/parameters/0/schema/maxLength", "500")]
    [InlineData("components/schemas/JobRequest/properties/salary", """{ "type": ["null", "integer"], "maximum": 10 }""")]
    [InlineData("components/schemas/JobResponse/properties/salary", """{ "type": ["null", "integer"] }""")]
    [InlineData("components/schemas/Workplace/enum", """["on_site", "remote", "hybrid", "anywhere"]""")]
    public async Task An_addition_is_fine(string way, string addition)
    {
        var released = await ReleasedAsync();
        var current = released.DeepClone().AsObject();

        SeededFault.Plant(current, way, addition);

        Assert.Empty(new CompatibilityRules(released, current).Faults());
    }

    private static async Task<JsonObject> ReleasedAsync() => JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File))!.AsObject();
}
