using System.Net;
using Explaino.Testing;
using NetVips;

namespace Explaino.JobBoardService.Tests;

public sealed class ImageTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    [Theory]
    [InlineData("oriented-with-place.jpg", "image/jpeg")]
    [InlineData("with-place.png", "image/jpeg")]
    [InlineData("transparent.webp", "image/png")]
    public async Task An_uploaded_image_is_shown_to_anyone_and_kept_by_caches_for_ever(string name, string type)
    {
        var job = await host.PostAsync(_author, new { image_urls = new[] { "https://example.org/1.png" } });

        var image = await host.UploadAsync(_author, job.Id(), Pictures.File(name));
        using var shown = await host.ShowAsync(image);

        Assert.Equal($"{host.Environment.Issuer.Address}/api/jobs/{job.Id()}/images/{image.Id()}", (string?)image["url"]);
        Assert.Equal(["id", "url", "width", "height", "placeholder"], image.Select(member => member.Key));
        var images = (await host.JobAsync(_author, job.Id()))["images"]!.AsArray();
        Assert.Equal("https://example.org/1.png", (string?)images[0]!["url"]);
        Assert.Null(images[0]!["width"]);
        Assert.Equal(image.ToJsonString(), images[1]!.ToJsonString());
        Assert.Equal(type, shown.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", Assert.Single(shown.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("nosniff", Assert.Single(shown.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(shown.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("Accept", shown.Headers.Vary);
    }

    [Fact]
    public async Task A_placeholder_tells_the_colours_of_a_picture()
    {
        var job = await host.PostAsync(_author);

        var grey = await host.UploadAsync(_author, job.Id(), (Image.Black(50, 40, bands: 3) + 119).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).PngsaveBuffer());
        var fields = await host.UploadAsync(_author, job.Id(), Pictures.Upright().PngsaveBuffer());

        // As another implementation of the published algorithm has it: one colour is not all zero in it.
        Assert.Equal("L1Dvfy~qfQ~q~qoffQoffQfQfQfQ", (string?)grey["placeholder"]);
        Assert.Matches("^L[0-9A-Za-z#$%*+,.:;=?@^_{|}~\\[\\]-]{27}$", (string?)fields["placeholder"]);
        Assert.Equal((96, 64), ((int?)fields["width"], (int?)fields["height"]));
    }

    [Theory]
    [InlineData("bytes=0-3", HttpStatusCode.PartialContent)]
    [InlineData("lines=0-3", HttpStatusCode.OK)]
    [InlineData("0-3", HttpStatusCode.OK)]
    [InlineData("bytes=9999999-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    public async Task Parts_of_an_image_can_be_had_in_bytes(string range, HttpStatusCode status)
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((string)image["url"]!).AbsolutePath);
        request.Headers.TryAddWithoutValidation("Range", range);

        using var shown = await host.Anonymous().SendAsync(request);

        Assert.Equal(status, shown.StatusCode);
        if (status == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            await shown.IsProblemAsync(status, "range_not_satisfiable");
            Assert.Equal("no-store", shown.Headers.CacheControl?.ToString());
            Assert.StartsWith("bytes */", shown.Content.Headers.ContentRange?.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_address_of_an_image_can_be_cached_for_ever()
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());
        using var first = await host.ShowAsync(image);

        using var again = await host.ShowAsync(image, headers => headers.IfNoneMatch.Add(first.Headers.ETag!));
        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, new Uri((string)image["url"]!).AbsolutePath);
        using var gone = await host.ShowAsync(image);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "image_not_found");
        Assert.Equal("no-store", gone.Headers.CacheControl?.ToString());
        Assert.Empty((await host.JobAsync(_author, job.Id()))["images"]!.AsArray());
    }

    [Fact]
    public async Task More_than_five_mebibytes_are_too_much()
    {
        var job = await host.PostAsync(_author);
        var size = 5 * 1024 * 1024;
        byte[] padded = [.. Png.Of(), .. new byte[size - Png.Of().Length]];

        using var fits = await host.TryUploadAsync(_author, job.Id(), padded);
        using var tooLarge = await host.TryUploadAsync(_author, job.Id(), [.. padded, 0]);

        Assert.Equal(size, padded.Length);
        Assert.Equal(HttpStatusCode.Created, fits.StatusCode);
        await tooLarge.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task Only_the_author_adds_and_removes_images()
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());

        using var added = await host.TryUploadAsync(TestUser.New(), job.Id(), Png.Of());
        using var removed = await host.SendAsync(JobsHost.Admin, HttpMethod.Delete, new Uri((string)image["url"]!).AbsolutePath);
        using var unknown = await host.SendAsync(_author, HttpMethod.Delete, $"/api/jobs/{job.Id()}/images/{Guid.CreateVersion7()}");
        using var notMultipart = await host.SendAsync(_author, HttpMethod.Post, $"/api/jobs/{job.Id()}/images", new { file = "x" });

        await added.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
        await removed.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "image_not_found");
        await notMultipart.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_post_has_at_most_ten_images_however_they_come_at_once()
    {
        var job = await host.PostAsync(_author, new { image_urls = Enumerable.Range(0, 4).Select(number => $"https://example.org/{number}.png") });
        var files = host.Files.Count;

        var uploads = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => host.TryUploadAsync(_author, job.Id(), Png.Of())));
        using var links = await host.SendAsync(
            _author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { image_urls = Enumerable.Range(0, 5).Select(number => $"https://example.org/{number}.png") });

        Assert.Equal(6, uploads.Count(upload => upload.StatusCode == HttpStatusCode.Created));
        foreach (var refused in uploads.Where(upload => upload.StatusCode != HttpStatusCode.Created))
        {
            await refused.IsProblemAsync(HttpStatusCode.Conflict, "too_many_images");
        }

        await links.IsProblemAsync(HttpStatusCode.Conflict, "too_many_images");
        Assert.Equal(10, (await host.JobAsync(_author, job.Id()))["images"]!.AsArray().Count);
        Assert.Equal(files + 6, host.Files.Count);

        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, $"/api/jobs/{job.Id()}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(files, host.Files.Count);
    }
}
