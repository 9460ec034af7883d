using System.Net;
using Explaino.Testing;
using NetVips;

namespace Explaino.JobBoardService.Tests;

/// <summary>Images and their sizes in a bucket, and what happens while it is away.</summary>
public sealed class S3ImageTests : IAsyncLifetime
{
    private readonly TestUser _author = TestUser.New();
    private readonly S3Server _server = new();
    private readonly JobsHost _host;

    public S3ImageTests() => _host = new(_server.Settings);

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Sizes_lie_beside_their_image_and_go_with_it_and_a_store_that_is_away_is_said_to_be_so()
    {
        var job = await _host.PostAsync(_author);
        var images = new List<string>();
        await Eventually.TrueAsync(async () =>
        {
            // The server takes a moment to start.
            using var uploaded = await _host.TryUploadAsync(_author, job.Id(), Pictures.Upright(640, 480).JpegsaveBuffer());
            images.AddRange(uploaded.StatusCode == HttpStatusCode.Created ? [uploaded.Headers.Location!.AbsolutePath] : Array.Empty<string>());
            return images.Count == 1;
        });
        var shown = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _host.Anonymous().GetAsync($"{images[0]}?size=128")));
        var stored = _server.Objects;
        using var part = new HttpRequestMessage(HttpMethod.Get, $"{images[0]}?size=128") { Headers = { { "Range", "bytes=0-3" } } };
        using var partly = await _host.Anonymous().SendAsync(part);
        using var deleted = await _host.SendAsync(_author, HttpMethod.Delete, images[0]);
        var left = _server.Objects;
        using var another = await _host.TryUploadAsync(_author, job.Id(), Png.Of());

        _server.Stop();
        using var refused = await _host.TryUploadAsync(_author, job.Id(), Png.Of());
        using var hidden = await _host.Anonymous().GetAsync(another.Headers.Location!.AbsolutePath);

        Assert.All(shown, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(128, Image.NewFromBuffer(await shown[0].Content.ReadAsByteArrayAsync()).Width);
        Assert.Equal(HttpStatusCode.PartialContent, partly.StatusCode);
        Assert.Equal(2, stored.Count);
        Assert.Contains(stored, name => name.EndsWith("-128-jpeg", StringComparison.Ordinal));
        Assert.Empty(left);
        foreach (var away in new[] { refused, hidden })
        {
            await away.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.NotNull(away.Headers.RetryAfter);
        }
    }
}
