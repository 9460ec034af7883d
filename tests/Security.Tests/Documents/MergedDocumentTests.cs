using System.Text.Json.Nodes;
using Explaino.Testing;
using Microsoft.OpenApi;

namespace Explaino.Security.Tests.Documents;

/// <summary>The merged document: one client of everything can be made of it.</summary>
public sealed class MergedDocumentTests(SecuritySystem system)
{
    [Fact]
    public async Task Every_operation_of_every_service_is_in_it_and_every_rule_holds()
    {
        var whole = await system.Gateway.GetObjectAsync("/openapi/explaino.json");

        var operations = await system.OperationsAsync();
        Assert.All(operations, operation =>
            Assert.True(JsonNode.DeepEquals(operation.Description, whole["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]), operation.Name));
        Assert.Equal(operations.Count, new DocumentTree(whole).Operations().Count());
        Assert.All(new DocumentTree(whole).Nodes().Select(node => (string?)node.Node["$ref"]).OfType<string>(), reference =>
            Assert.NotNull(whole["components"]!["schemas"]![reference[DocumentTree.Components.Length..]]));
        Assert.Empty(new DocumentRules(whole).Complaints());
    }

    [Theory]
    [InlineData("/openapi/explaino.json", OpenApiSpecVersion.OpenApi3_1)]
    [InlineData("/openapi/explaino-3.0.json", OpenApiSpecVersion.OpenApi3_0)]
    public async Task Both_forms_are_read_without_an_error(string path, OpenApiSpecVersion version)
    {
        using var response = await system.Gateway.GetAsync(path);

        await using var json = await response.Content.ReadAsStreamAsync();
        var read = await OpenApiDocument.LoadAsync(json, OpenApiConstants.Json);
        Assert.Equal(version, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        var operations = read.Document!.Paths.SelectMany(each => each.Value.Operations!.Select(operation => $"{operation.Key} {each.Key}"));
        Assert.Equal((await system.OperationsAsync()).Select(operation => operation.Name).Order(), operations.Order());
    }

    [Fact]
    public async Task The_older_form_says_null_in_the_older_way()
    {
        var older = await system.Gateway.GetObjectAsync("/openapi/explaino-3.0.json");

        Assert.All(new DocumentTree(older).Nodes(), node => Assert.False(node.Node["oneOf"] is not null || node.Node["type"] is JsonArray, node.Path));
        var job = older["components"]!["schemas"]!["JobResponse"]!["properties"]!;
        Assert.Equal("""{"type":"string","nullable":true,"allOf":[{"$ref":"#/components/schemas/Workplace"}]}""", job["workplace"]!.ToJsonString());
        Assert.Equal("""{"type":"string","nullable":true}""", job["company"]!.ToJsonString());
    }
}
