using System.Net;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>The OpenAPI document, which anybody may ask for.</summary>
public sealed class ApiDocumentTests(SampleService service) : IClassFixture<SampleService>
{
    [Fact]
    public async Task It_is_made_once_and_may_be_kept_for_a_while()
    {
        using var first = await service.Client.GetAsync("/openapi/v1.json");
        using var second = await service.Client.GetAsync("/openapi/v1.json");

        Assert.Equal(1, service.DocumentsMade);
        Assert.Equal("application/json", first.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=300", first.Headers.CacheControl?.ToString());
        Assert.NotNull(first.Headers.ETag);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    [Theory]
    [InlineData("/api/things/old", HttpStatusCode.OK)]
    [InlineData("/api/things/old?amount=x", HttpStatusCode.BadRequest)]
    public async Task A_deprecated_operation_says_so_in_every_answer_and_in_the_document(string path, HttpStatusCode status)
    {
        using var response = await service.Client.GetAsync(path);
        var document = await service.Client.GetObjectAsync("/openapi/v1.json");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("@1767323045", response.Headers.GetValues("Deprecation").Single());
        Assert.Equal("Sat, 02 Jan 2027 03:04:05 GMT", response.Headers.GetValues("Sunset").Single());
        Assert.Equal(true, (bool?)document["paths"]!["/api/things/old"]!["get"]!["deprecated"]);
        Assert.Null(document["paths"]!["/api/things/found"]!["get"]!["deprecated"]);
    }

    [Fact]
    public async Task Who_has_it_is_told_that_it_is_the_same()
    {
        using var first = await service.Client.GetAsync("/openapi/v1.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }
}
