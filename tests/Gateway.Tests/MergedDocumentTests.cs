using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>What becomes of the services' OpenAPI documents in <c>/openapi/explaino.json</c> while they are deployed one by one.</summary>
public sealed class MergedDocumentTests : IAsyncLifetime
{
    private readonly Dictionary<string, Upstream> _services = [];
    private GatewayInProcess _gateway = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var service in Service.WithDatabase)
        {
            _services[service.Name] = await Upstream.StartAsync(service.Name);
            _services[service.Name].Document = DocumentOf($"/api/{service.Name}", service.Name, """{ "Thing": { "type": "object" } }""");
        }

        _gateway = new GatewayInProcess([.. _services.Select(service => ($"services:{service.Key}:http:0", service.Value.Address)), ("Documents:Freshness", "00:00:00")]);
        _client = new HttpClient { BaseAddress = _gateway.Address };
    }

    [Fact]
    public async Task Documents_become_one_and_a_schema_that_is_the_same_is_there_once()
    {
        var whole = await _client.GetObjectAsync("/openapi/explaino.json");

        Assert.Equal([.. _services.Keys.Select(name => $"/api/{name}").Append("/api/client").Order()], whole["paths"]!.AsObject().Select(path => path.Key).Order());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "type": "object" }"""), whole["components"]!["schemas"]!["Thing"]));
        Assert.False(whole["components"]!["schemas"]!.AsObject().ContainsKey("WalletThing"));
    }

    [Fact]
    public async Task Of_two_schemas_of_one_name_each_operation_keeps_its_own()
    {
        _services["jobs"].Document = DocumentOf("/api/jobs", "jobs", """{ "Thing": { "type": "object", "title": "of jobs" }, "Holder": { "items": { "$ref": "#/components/schemas/Thing" } } }""");
        _services["wallet"].Document = DocumentOf("/api/wallet", "wallet", """{ "Thing": { "type": "object" }, "Holder": { "items": { "$ref": "#/components/schemas/Thing" } } }""");

        var whole = await _client.GetObjectAsync("/openapi/explaino.json");

        JsonNode Named(string reference) => whole["components"]!["schemas"]![reference.Split('/')[^1]]!;
        JsonNode SchemaOf(string path) => Named((string)whole["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!);
        Assert.Equal("of jobs", (string?)SchemaOf("/api/jobs")["title"]);
        Assert.Null(SchemaOf("/api/wallet")["title"]);
        Assert.Equal("of jobs", (string?)Named((string)Named("Holder")["items"]!["$ref"]!)["title"]);
        Assert.Null(Named((string)Named("WalletHolder")["items"]!["$ref"]!)["title"]);
    }

    [Fact]
    public async Task A_new_version_is_seen_and_one_that_did_not_change_is_not_sent_again()
    {
        using var first = await _client.GetAsync("/openapi/explaino.json");
        using var same = await _client.SendAsync(GatewayFixture.Get("/openapi/explaino.json", ("If-None-Match", first.Headers.ETag!.ToString())));
        _services["jobs"].Document = DocumentOf("/api/jobs/new", "jobs", "{}");

        using var changed = await _client.SendAsync(GatewayFixture.Get("/openapi/explaino.json", ("If-None-Match", first.Headers.ETag!.ToString())));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.NotNull((await changed.ReadObjectAsync())["paths"]!["/api/jobs/new"]);
    }

    [Fact]
    public async Task A_service_that_is_away_keeps_its_place_while_others_change()
    {
        await _client.GetObjectAsync("/openapi/explaino.json");
        await _services["jobs"].KillAsync();
        _services["wallet"].Document = DocumentOf("/api/wallet/new", "wallet", "{}");

        var whole = await _client.GetObjectAsync("/openapi/explaino.json");
        var older = await _client.GetObjectAsync("/openapi/explaino-3.0.json");

        Assert.NotNull(whole["paths"]!["/api/jobs"]);
        Assert.NotNull(whole["paths"]!["/api/wallet/new"]);
        Assert.NotNull(older["paths"]!["/api/jobs"]);
    }

    [Fact]
    public async Task Before_a_service_was_ever_there_nobody_is_given_half_an_API()
    {
        await _services["jobs"].KillAsync();
        using var refused = await _client.GetAsync("/openapi/explaino.json");

        await refused.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);

        await _services["jobs"].StartAsync();
        await Eventually.TrueAsync(async () => (await _client.GetAsync("/openapi/explaino.json")).IsSuccessStatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }
    }

    private static string DocumentOf(string path, string service, string schemas) => $$"""
        {
          "openapi": "3.1.1", "info": { "title": "{{service}}", "version": "v1" },
          "paths": { "{{path}}": { "get": { "operationId": "Get_{{service}}", "responses": { "200": { "description": "OK", "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } } } } },
          "components": { "schemas": {{schemas}} }
        }
        """;
}
