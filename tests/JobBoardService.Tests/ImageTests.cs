using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
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
        using var shown = await ShowAsync(image);

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

    [Theory]
    [InlineData(null, 640)]
    [InlineData(2048, 640)]
    [InlineData(1024, 640)]
    [InlineData(512, 512)]
    [InlineData(256, 256)]
    [InlineData(128, 128)]
    [InlineData(64, 64)]
    public async Task A_size_is_that_of_the_longest_side_and_never_enlarges(int? size, int width)
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Pictures.Upright(640, 480).JpegsaveBuffer());

        using var plain = await ShowAsync(image, size: size);
        using var webP = await ShowAsync(image, headers => headers.Accept.ParseAdd("image/avif,image/webp,*/*;q=0.8"), size);

        Assert.Equal(("image/jpeg", "image/webp"), (plain.Content.Headers.ContentType?.ToString(), webP.Content.Headers.ContentType?.ToString()));
        Assert.NotEqual(plain.Headers.ETag, webP.Headers.ETag);
        foreach (var shown in new[] { plain, webP })
        {
            var picture = await ReadAsync(shown);
            Assert.Equal((width, width * 3 / 4), (picture.Width, picture.Height));
            Assert.True(Pictures.Distance(picture, Pictures.Upright()) < 4);
        }
    }

    [Theory]
    [InlineData("100")]
    [InlineData("0")]
    [InlineData("-64")]
    [InlineData("4096")]
    [InlineData("large")]
    public async Task Another_size_is_none(string size)
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());

        using var shown = await host.Anonymous().GetAsync($"{new Uri((string)image["url"]!).AbsolutePath}?size={size}");

        await shown.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "size");
    }

    [Fact]
    public async Task A_size_is_made_once_however_many_ask_at_once_and_goes_with_its_image()
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Pictures.Upright(640, 480).JpegsaveBuffer());
        var files = host.Files.Count;

        var shown = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ShowAsync(image, size: 128)));
        var made = host.Files.Count;
        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, new Uri((string)image["url"]!).AbsolutePath);

        Assert.All(shown, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(files + 1, made);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(files - 1, host.Files.Count);
    }

    [Fact]
    public async Task What_a_process_left_that_died_is_swept_after_an_hour_with_its_sizes_and_only_that()
    {
        await using var own = new JobsHost(new() { ["Storage:SweepInterval"] = "00:00:00.1" });
        await own.InitializeAsync();
        var job = await own.PostAsync(_author);
        var image = await own.UploadAsync(_author, job.Id(), Pictures.Upright(640, 480).JpegsaveBuffer());
        using var shown = await own.Anonymous().GetAsync($"{new Uri((string)image["url"]!).AbsolutePath}?size=64");
        var kept = own.Files;
        var key = $"{Guid.CreateVersion7():n}";
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(kept[0])!, "..", key[^2..])).FullName;
        string[] orphans = [.. new[] { "", "-64-jpeg", "-64-jpeg.part" }.Select(variant => Path.Combine(folder, key + variant))];
        await Task.WhenAll(orphans.Select(orphan => File.WriteAllTextAsync(orphan, "A process died before its row was written.")));
        foreach (var file in orphans.Concat(kept))
        {
            File.SetLastWriteTimeUtc(file, own.Clock.GetUtcNow().UtcDateTime);
        }

        own.Clock.Advance(TimeSpan.FromMinutes(61));
        await Eventually.TrueAsync(() => !orphans.Any(File.Exists));

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal(kept.Order(), own.Files.Order());
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

    /// <summary>Files from before images were decoded: the row knows no size, and the file is as it came.</summary>
    [Fact]
    public async Task What_the_version_before_stored_is_encoded_anew_too()
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());
        var key = await host.QueryAsync<Guid>($"UPDATE job_post_images SET width = null, height = null, placeholder = null, content_type = 'image/jpeg' WHERE id = '{image.Id()}' RETURNING storage_key");
        await File.WriteAllBytesAsync(host.Files.Single(file => Path.GetFileName(file) == $"{key:n}"), Pictures.Turned(6).WithExif(6).JpegsaveBuffer());

        using var shown = await ShowAsync(image);

        var bytes = await shown.Content.ReadAsByteArrayAsync();
        Assert.DoesNotContain(Pictures.Secret, Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.True(Pictures.Distance(Image.NewFromBuffer(bytes), Pictures.Upright()) < 4);
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

    [Fact]
    public async Task Whatever_people_send_is_shown_upright_in_its_colours_and_without_what_betrays_its_maker()
    {
        var faults = new List<string>();
        foreach (var (what, file, expected, distance) in PictureFolder.Sound())
        {
            var job = await host.PostAsync(_author);
            using var response = await host.TryUploadAsync(_author, job.Id(), file);
            if (response.StatusCode != HttpStatusCode.Created)
            {
                faults.Add($"{what}: {await response.Content.ReadAsStringAsync()}");
                continue;
            }

            using var shown = await ShowAsync(await response.ReadObjectAsync(HttpStatusCode.Created));
            faults.AddRange((await FaultsAsync(shown, expected, distance)).Select(fault => $"{what}: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(PictureFolder.Sound().Count() + PictureFolder.Odd().Count() + Refused().Count >= 100);
    }

    [Fact]
    public async Task What_viewers_differ_about_is_shown_or_refused()
    {
        foreach (var (what, file) in PictureFolder.Odd())
        {
            var job = await host.PostAsync(_author);
            using var response = await host.TryUploadAsync(_author, job.Id(), file);
            if (response.StatusCode != HttpStatusCode.Created)
            {
                Assert.Contains((string)(await response.ReadObjectAsync(response.StatusCode))["code"]!, new[] { "image_invalid", "unsupported_media_type" });
                continue;
            }

            using var shown = await ShowAsync(await response.ReadObjectAsync(HttpStatusCode.Created));
            Assert.True(Pictures.Distance(await ReadAsync(shown), Pictures.Upright()) < 8, what);
        }
    }

    public static TheoryData<string, byte[], HttpStatusCode, string> Refused()
    {
        var jpeg = Pictures.File("oriented-with-place.jpg");
        return new()
        {
            { "svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "html", "<!doctype html><script>alert(1)</script>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "gif", Pictures.Upright().GifsaveBuffer(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "avif", Pictures.Upright().HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "tiff", Pictures.Upright().TiffsaveBuffer(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "pdf", "%PDF-1.7\n%%EOF"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "empty", [], HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
            { "html behind a JPEG's first bytes", [0xFF, 0xD8, 0xFF, .. "<script>alert(1)</script>"u8], HttpStatusCode.BadRequest, "image_invalid" },
            { "html behind a WebP's first bytes", [.. "RIFF\0\0\0\0WEBP<script>"u8], HttpStatusCode.BadRequest, "image_invalid" },
            { "svg behind a PNG's first bytes", [.. Png.Of()[..8], .. "<svg/>"u8], HttpStatusCode.BadRequest, "image_invalid" },
            { "a JPEG that ends before its picture", jpeg[..jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])], HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG of no size", Png.Of(0, 4), HttpStatusCode.BadRequest, "image_invalid" },
            { "a PNG of negative size", Png.Of(-4, 4), HttpStatusCode.BadRequest, "image_invalid" },
            { "a bomb", Png.Of(40_000, 40_000), HttpStatusCode.BadRequest, "image_too_large" },
            { "a bomb beyond 32 bits", Png.Of(int.MaxValue, int.MaxValue), HttpStatusCode.BadRequest, "image_invalid" },
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

    /// <summary>Whatever byte is wrong: the answer is 201 or 400. Twenty thousand of them are in trust.</summary>
    [Fact]
    public async Task A_damaged_image_never_breaks_the_service()
    {
        var random = new Random(7);
        byte[][] sound = [.. PictureFolder.Sound().Select(picture => picture.File).Where(file => file.Length < 20_000)];
        var job = await host.PostAsync(_author);
        for (var round = 0; round < 300; round++)
        {
            using var response = await host.TryUploadAsync(_author, job.Id(), Mutations.Of(sound[round % sound.Length], random));

            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType });
            if (response.StatusCode == HttpStatusCode.Created)
            {
                using var deleted = await host.SendAsync(_author, HttpMethod.Delete, response.Headers.Location!.AbsolutePath);
            }
        }
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

    /// <summary>In what a picture that is given out is not what it should be.</summary>
    private static async Task<IEnumerable<string>> FaultsAsync(HttpResponseMessage shown, Image expected, double distance)
    {
        var bytes = await shown.Content.ReadAsByteArrayAsync();
        var picture = Image.NewFromBuffer(bytes);
        var text = Encoding.Latin1.GetString(bytes);
        var apart = picture.Width >= 8 ? Pictures.Distance(picture, expected) : 0;
        return
        [
            .. apart > distance ? [$"ΔE {apart:0.0}"] : Array.Empty<string>(),
            .. Math.Abs((picture.Width / (double)picture.Height) - (expected.Width / (double)expected.Height)) > 0.6 ? [$"{picture.Width} × {picture.Height}"] : Array.Empty<string>(),
            .. Math.Max(picture.Width, picture.Height) > 2048 ? ["too large"] : Array.Empty<string>(),
            .. picture.GetFields().Where(field => field.StartsWith("exif", StringComparison.Ordinal) || field is "xmp-data" or "iptc-data" or "icc-profile-data" or "n-pages"),
            .. new[] { Pictures.Secret, "Exif", "script", "http", "tEXt" }.Where(secret => text.Contains(secret, StringComparison.Ordinal)),
        ];
    }

    private static async Task<Image> ReadAsync(HttpResponseMessage shown) => Image.NewFromBuffer(await shown.Content.ReadAsByteArrayAsync());

    private async Task<HttpResponseMessage> ShowAsync(JsonObject image, Action<HttpRequestHeaders>? with = null, int? size = null)
    {
        var query = size is null ? "" : $"?size={size}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((string)image["url"]!).AbsolutePath + query);
        with?.Invoke(request.Headers);
        return await host.Anonymous().SendAsync(request);
    }
}
