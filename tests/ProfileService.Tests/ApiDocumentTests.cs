using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class ApiDocumentTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    public static TheoryData<string, string[]> Collections => new()
    {
        { "skills", ["name:100"] },
        { "tech-stack", ["name:100"] },
        { "languages", ["name:100"] },
        { "frameworks", ["name:100"] },
        { "communication-skills", ["name:100"] },
        { "soft-skills", ["name:100"] },
        { "hobbies", ["name:100"] },
        { "education", ["institution:200", "degree:200", "field_of_study:200", "start_date", "end_date", "description:2000"] },
        { "experience", ["company:200", "title:200", "location:200", "start_date", "end_date", "description:2000"] },
        { "internships", ["company:200", "title:200", "location:200", "start_date", "end_date", "description:2000"] },
        { "projects", ["name:200", "description:2000", "url:500", "start_date", "end_date"] },
        { "certifications", ["name:200", "issuer:200", "issued_on", "expires_on", "url:500"] },
    };

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Every_collections_members_and_limits_are_described(string collection, string[] members)
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        var one = Resolve(document, Body(document, $"/api/profiles/me/{collection}", "post"));
        var whole = Resolve(document, Body(document, $"/api/profiles/me/{collection}", "put"));

        Assert.Equal(members, Describe(one));
        Assert.Equal(100, (int?)whole["properties"]!["items"]!["maxItems"]);
        Assert.Equal([.. members, "id"], Describe(Resolve(document, whole["properties"]!["items"]!["items"]!)));
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own()
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        var names = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => (string?)operation.Value!["operationId"]).ToList();

        Assert.Equal(93, names.Count);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.DoesNotContain(null, names);
        Assert.Equal(
            "binary", (string?)document["paths"]!["/api/profiles/me/resume"]!["put"]!["requestBody"]!["content"]!["multipart/form-data"]!["schema"]!["properties"]!["file"]!["format"]);
    }

    private static JsonNode Body(JsonObject document, string path, string method) =>
        document["paths"]![path]![method]!["requestBody"]!["content"]!["application/json"]!["schema"]!;

    private static JsonNode Resolve(JsonObject document, JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]! : schema;

    private static IEnumerable<string> Describe(JsonNode schema) =>
        schema["properties"]!.AsObject().Select(member => member.Value!["maxLength"] is { } limit ? $"{member.Key}:{limit}" : member.Key);
}
