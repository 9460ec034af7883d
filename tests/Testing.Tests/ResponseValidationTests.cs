using Explaino.Testing.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit.Sdk;

namespace Explaino.Testing.Tests;

/// <summary>Response validation, before a service that keeps its document in one answer and not in another.</summary>
public sealed class ResponseValidationTests : IAsyncLifetime
{
    private const string Document =
        """
        {
          "paths": { "/api/{thing}": { "get": { "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "properties": { "id": { "type": "integer" } } } } } } } } } },
          "components": { "schemas": { "Problem": { "type": "object" } } }
        }
        """;

    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private int _asked;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/openapi/v1.json", () => ++_asked == 1 ? Results.StatusCode(503) : Results.Text(Document, "application/json"));
        _app.MapGet("/api/good", () => Results.Text("""{"id":1}""", "application/json"));
        _app.MapGet("/api/bad", () => Results.Text("""{"id":1,"password_hash":"AQAAAA"}""", "application/json"));
        await _app.StartAsync();
        var address = new Uri(_app.Urls.Single());
        _client = new(new ResponseValidation($"sample {address.Port}", new Uri(address, "/openapi/v1.json"))) { BaseAddress = address };
    }

    [Fact]
    public async Task Seeded_an_answer_that_tells_more_than_its_document_fails_the_test()
    {
        // Nothing passes unseen while the document cannot be had, and it is asked for again.
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync("/api/good"));

        using var good = await _client.GetAsync("/api/good");
        var bad = await Assert.ThrowsAsync<FailException>(() => _client.GetAsync("/api/bad"));

        Assert.Contains("/password_hash is not documented", bad.Message, StringComparison.Ordinal);
        Assert.Equal(2, _asked);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
