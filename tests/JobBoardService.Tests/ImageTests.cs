using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class ImageTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    [Theory]
    [InlineData("oriented-with-place.jpg", "image/jpeg")]
    [InlineData("progressive.jpg", "image/jpeg")]
    [InlineData("with-place.png", "image/png")]
    [InlineData("with-place.webp", "image/webp")]
    [InlineData("plain.webp", "image/webp")]
    [InlineData("lossless.webp", "image/webp")]
    [InlineData("transparent.webp", "image/webp")]
    public async Task An_uploaded_image_is_shown_to_anyone_without_what_betrays_its_maker(string name, string type)
    {
        var job = await host.PostAsync(_author, new { image_urls = new[] { "https://example.org/1.png" } });
        var file = Pictures.File(name);

        var image = await host.UploadAsync(_author, job.Id(), [.. file, .. "<script>alert(1)</script>"u8]);
        using var shown = await ShowAsync(image);

        Assert.Equal($"{host.Environment.Issuer.Address}/api/jobs/{job.Id()}/images/{image.Id()}", (string?)image["url"]);
        Assert.Equal(["id", "url"], image.Select(member => member.Key));
        Assert.Equal(
            ["https://example.org/1.png", (string)image["url"]!],
            (await host.JobAsync(_author, job.Id()))["images"]!.AsArray().Select(shown => (string)shown!["url"]!));
        Assert.Equal(type, shown.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", Assert.Single(shown.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("nosniff", Assert.Single(shown.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(shown.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var bytes = await shown.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.Length <= file.Length);
        foreach (var secret in new[] { "SECRET-OWNER", "script", "GPS" })
        {
            Assert.DoesNotContain(secret, Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        }
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
            Assert.Equal($"bytes */{Png.Of().Length}", shown.Content.Headers.ContentRange?.ToString());
        }
    }

    [Fact]
    public async Task Of_a_photo_its_orientation_stays()
    {
        var job = await host.PostAsync(_author);

        using var shown = await ShowAsync(await host.UploadAsync(_author, job.Id(), Pictures.File("oriented-with-place.jpg")));

        var bytes = await shown.Content.ReadAsByteArrayAsync();
        var exif = bytes.AsSpan().IndexOf("Exif\0\0"u8);
        Assert.True(exif > 0);
        Assert.Equal(6, bytes[exif + 6 + 8 + 2 + 9]);
        Assert.Equal([0xFF, 0xD9], bytes[^2..]);
        Assert.True(bytes.AsSpan().IndexOf("ICC_PROFILE"u8) > 0);
    }

    [Fact]
    public async Task A_clean_image_stays_as_it_is_byte_for_byte()
    {
        var job = await host.PostAsync(_author);
        foreach (var file in new[] { Png.Of(), Pictures.File("plain.webp"), Pictures.File("lossless.webp"), Pictures.File("transparent.webp") })
        {
            using var shown = await ShowAsync(await host.UploadAsync(_author, job.Id(), file));

            Assert.Equal(file, await shown.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task The_address_of_an_image_can_be_cached_for_ever()
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());
        using var first = await ShowAsync(image);

        using var again = await ShowAsync(image, headers => headers.IfNoneMatch.Add(first.Headers.ETag!));
        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, new Uri((string)image["url"]!).AbsolutePath);
        using var gone = await ShowAsync(image);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "image_not_found");
        Assert.Equal("no-store", gone.Headers.CacheControl?.ToString());
        Assert.Empty((await host.JobAsync(_author, job.Id()))["images"]!.AsArray());
    }

    public static TheoryData<string, byte[]> Turned()
    {
        var (webp, jpeg) = (Pictures.File("transparent.webp"), Pictures.File("progressive.jpg"));
        byte[] oneEntry = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
        byte[] withNext = [.. oneEntry, 0, 0, 0, 0];
        return new()
        {
            { "JPEG, one entry and nothing behind it", Pictures.WithSegment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. oneEntry]) },
            { "PNG", Png.Of(4, 4, Png.Chunk("eXIf", withNext)) },
            { "PNG, one entry and nothing behind it", Png.Of(4, 4, Png.Chunk("eXIf", oneEntry)) },
            { "WebP", Pictures.WithChunk(webp, "EXIF", withNext) },
            { "WebP, one entry and nothing behind it", Pictures.WithChunk(webp, "EXIF", oneEntry) },
            { "WebP, as a camera's software writes it", Pictures.WithChunk(webp, "EXIF", [.. "Exif\0\0"u8, .. withNext]) },
        };
    }

    [Theory]
    [MemberData(nameof(Turned))]
    public async Task Whatever_the_format_a_picture_is_shown_upright(string what, byte[] file)
    {
        var job = await host.PostAsync(_author);

        using var shown = await ShowAsync(await host.UploadAsync(_author, job.Id(), file));
        var bytes = await shown.Content.ReadAsByteArrayAsync();
        using var shownAgain = await ShowAsync(await host.UploadAsync(_author, job.Id(), bytes));

        byte[] upright = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        Assert.True(bytes.AsSpan().IndexOf(upright) > 0, what);
        Assert.Equal(bytes, await shownAgain.Content.ReadAsByteArrayAsync());
    }

    public static TheoryData<string, byte[], byte[]> Tolerated()
    {
        var (jpeg, webp, png) = (Pictures.File("progressive.jpg"), Pictures.File("lossless.webp"), Png.Of());
        var second = 4 + (jpeg[4] << 8) + jpeg[5];
        var badChecksum = Png.Chunk("tEXt", "Comment\0Nothing"u8.ToArray());
        badChecksum[^1] ^= 1;
        return new()
        {
            { "a JPEG with stray bytes between its parts", [.. jpeg[..second], 0, 1, 2, .. jpeg[second..]], jpeg },
            { "a JPEG without its end", jpeg[..^2], jpeg },
            { "a PNG whose text has a wrong checksum", Png.Of(4, 4, badChecksum), png },
            { "an animated PNG", Png.Of(4, 4, Png.Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), Png.Chunk("fcTL", new byte[26]), Png.Chunk("fdAT", new byte[99])), png },
            { "a PNG with a colour profile that unfolds into 64 MiB", Png.Of(4, 4, Png.Chunk("iCCP", [.. "bomb\0\0"u8, .. Png.Zlib(new byte[64 << 20])])), png },
            { "a PNG with a broken colour profile", Png.Of(4, 4, Png.Chunk("iCCP", "broken\0\0..."u8.ToArray())), png },
            { "a WebP without its last padding", Pictures.WithChunk(Pictures.File("transparent.webp"), "ABCD", [1, 2, 3])[..^1], Pictures.File("transparent.webp") },
            { "a WebP with a few bytes too many", Pictures.WithSize([.. webp, 0, 0], webp.Length - 6), webp },
        };
    }

    [Theory]
    [MemberData(nameof(Tolerated))]
    public async Task What_every_viewer_shows_is_taken_and_cleaned(string what, byte[] file, byte[] clean)
    {
        var job = await host.PostAsync(_author);

        using var shown = await ShowAsync(await host.UploadAsync(_author, job.Id(), clean));
        using var cleaned = await ShowAsync(await host.UploadAsync(_author, job.Id(), file));

        Assert.NotEmpty(what);
        Assert.Equal(await shown.Content.ReadAsByteArrayAsync(), await cleaned.Content.ReadAsByteArrayAsync());
    }

    public static TheoryData<string, byte[], HttpStatusCode, string> Refused()
    {
        var jpeg = Pictures.File("oriented-with-place.jpg");
        var webp = Pictures.File("with-place.webp");
        var png = Png.Of();
        byte[] wrongChecksum = [.. png];
        wrongChecksum[^20] ^= 1;
        byte[] animated = [.. Pictures.File("transparent.webp")];
        animated[20] |= 2;
        byte[] otherCanvas = [.. Pictures.File("transparent.webp")];
        otherCanvas[24]++;
        return new()
        {
            { "svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "html", "<!doctype html><script>alert(1)</script>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "gif", "GIF89a\u0001\0\u0001\0"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "empty", [], HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "html behind a JPEG's first bytes", [0xFF, 0xD8, 0xFF, .. "<script>alert(1)</script>"u8], HttpStatusCode.BadRequest, "image_invalid" },
            { "html behind a WebP's first bytes", [.. "RIFF\0\0\0\0WEBP<script>"u8], HttpStatusCode.BadRequest, "image_invalid" },
            { "a JPEG that ends before its picture", jpeg[..jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])], HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG's first half", png[..(png.Length / 2)], HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG with a wrong checksum", wrongChecksum, HttpStatusCode.BadRequest, "image_invalid" },
            { "a WebP's first half", webp[..(webp.Length / 2)], HttpStatusCode.BadRequest, "image_invalid" },
            { "an animated WebP", animated, HttpStatusCode.BadRequest, "image_invalid" },
            { "a WebP whose canvas is not its picture", otherCanvas, HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG of no size", Png.Of(0, 4), HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG of negative size", Png.Of(-4, 4), HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG that no viewer understands", Png.Of(4, 4, Png.Chunk("EVIL", [1])), HttpStatusCode.BadRequest, "image_invalid" },
            { "a bomb", Png.Of(40_000, 40_000), HttpStatusCode.BadRequest, "image_too_large" },
            { "a bomb beyond 32 bits", Png.Of(int.MaxValue, int.MaxValue), HttpStatusCode.BadRequest, "image_too_large" },
        };
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_sound_image_never_gets_through(string what, byte[] file, HttpStatusCode status, string code)
    {
        var job = await host.PostAsync(_author);
        var files = host.Files.Count;

        using var response = await host.TryUploadAsync(_author, job.Id(), file);

        Assert.NotEmpty(what);
        await response.IsProblemAsync(status, code);
        Assert.Equal(files, host.Files.Count);
    }

    /// <summary>Whatever byte is wrong: the answer is 201 or 400, and what is shown keeps its form when it is cleaned again.</summary>
    [Fact]
    public async Task A_damaged_image_never_breaks_the_service()
    {
        var random = new Random(7);
        foreach (var name in new[] { "oriented-with-place.jpg", "with-place.png", "with-place.webp" })
        {
            var job = await host.PostAsync(_author);
            for (var round = 0; round < 40; round++)
            {
                byte[] file = [.. Pictures.File(name)];
                for (var damage = 0; damage <= random.Next(3); damage++)
                {
                    file[random.Next(file.Length)] = (byte)random.Next(256);
                }

                using var response = await host.TryUploadAsync(_author, job.Id(), file[..random.Next(12, file.Length + 1)]);
                Assert.Contains(
                    response.StatusCode,
                    new[] { HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType });
                if (response.StatusCode == HttpStatusCode.Created)
                {
                    var image = await response.ReadObjectAsync(HttpStatusCode.Created);
                    using var shown = await ShowAsync(image);
                    using var deleted = await host.SendAsync(_author, HttpMethod.Delete, new Uri((string)image["url"]!).AbsolutePath);
                    using var again = await host.TryUploadAsync(_author, job.Id(), await shown.Content.ReadAsByteArrayAsync());
                    using var deletedAgain = await host.SendAsync(
                        _author, HttpMethod.Delete, again.Headers.Location!.AbsolutePath);
                    Assert.Equal(HttpStatusCode.Created, again.StatusCode);
                }
            }
        }
    }

    [Fact]
    public async Task More_than_five_mebibytes_are_too_much()
    {
        var job = await host.PostAsync(_author);
        var size = 5 * 1024 * 1024;
        var png = Png.Of();
        var padded = Png.Of(4, 4, Png.Chunk("paDd", new byte[size - png.Length - 12]));

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

    private async Task<HttpResponseMessage> ShowAsync(JsonObject image, Action<HttpRequestHeaders>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((string)image["url"]!).AbsolutePath);
        with?.Invoke(request.Headers);
        return await host.Anonymous().SendAsync(request);
    }
}
