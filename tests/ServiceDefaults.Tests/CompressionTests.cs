using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Which answers are compressed, and that nothing else changes by it.</summary>
public sealed class CompressionTests(SampleService service) : IClassFixture<SampleService>
{
    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1, br;q=0", "gzip")]
    [InlineData("BR", "br")]
    public async Task Large_JSON_comes_in_the_best_coding_that_the_client_takes(string accepted, string coding)
    {
        using var plain = await GetAsync("/api/things/texts?count=400", null);
        using var compressed = await GetAsync("/api/things/texts?count=400", accepted);

        Assert.Equal([coding], compressed.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], compressed.Headers.Vary);
        Assert.Equal(["Accept-Encoding"], plain.Headers.Vary);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        var bytes = await compressed.Content.ReadAsByteArrayAsync();
        Assert.Equal(await plain.Content.ReadAsStringAsync(), Unfolded(bytes, coding));
        Assert.True(bytes.Length < (await plain.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("/api/things/texts?count=400", "deflate", "another coding")]
    [InlineData("/api/things/texts?count=400", "br;q=0, gzip;q=0", "none")]
    [InlineData("/api/things/texts?count=3", "br, gzip", "small")]
    [InlineData("/api/things/file", "br, gzip", "a file")]
    [InlineData("/api/things/secret", "br, gzip", "a secret")]
    [InlineData("/alive", "br, gzip", "no part of the API")]
    public async Task Nothing_else_is(string path, string accepted, string what)
    {
        using var plain = await GetAsync(path, null);
        using var response = await GetAsync(path, accepted);

        Assert.True(response.Content.Headers.ContentEncoding.Count == 0, what);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(1023, false)]
    [InlineData(1024, true)]
    public async Task From_one_KiB_on(int size, bool isCompressed)
    {
        using var plain = await GetAsync($"/api/things/exactly?size={size}", null);
        using var response = await GetAsync($"/api/things/exactly?size={size}", "gzip");

        Assert.Equal(size, (await plain.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(isCompressed, response.Content.Headers.ContentEncoding.Count > 0);
    }

    [Fact]
    public async Task An_entity_tag_is_the_same_in_every_coding_and_spares_the_answer_in_each()
    {
        using var plain = await GetAsync("/api/things/tagged", null);
        using var compressed = await GetAsync("/api/things/tagged", "br");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/things/tagged") { Headers = { IfNoneMatch = { plain.Headers.ETag! } } };
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        using var again = await service.Client.SendAsync(request);

        Assert.Equal(["br"], compressed.Content.Headers.ContentEncoding);
        Assert.Equal(plain.Headers.ETag, compressed.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_large_problem_is_text_too_and_HEAD_has_no_body()
    {
        var body = new JsonObject { ["first_name"] = "Ada", ["parts"] = new JsonArray([.. Enumerable.Range(0, 40).Select(_ => new JsonObject { ["part_name"] = "too long" })]) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/things") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using var refused = await service.Client.SendAsync(request);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/api/things/texts?count=400");
        head.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        using var headers = await service.Client.SendAsync(head);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("validation_failed", (string?)JsonNode.Parse(Unfolded(await refused.Content.ReadAsByteArrayAsync(), "gzip"))!["code"]);
        Assert.Equal(["br"], headers.Content.Headers.ContentEncoding);
        Assert.Empty(await headers.Content.ReadAsByteArrayAsync());
    }

    private static string Unfolded(byte[] bytes, string coding)
    {
        using var folded = new MemoryStream(bytes);
        using Stream stream = coding == "br" ? new BrotliStream(folded, CompressionMode.Decompress) : new GZipStream(folded, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? accepted)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accepted is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        }

        return service.Client.SendAsync(request);
    }
}
