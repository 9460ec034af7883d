using System.Net;

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
