using System.Net;
using System.Text;
using Explaino.Testing;
using NetVips;

namespace Explaino.JobBoardService.Tests;

/// <summary>What is in the files that people send, and what becomes of it.</summary>
public sealed class ImageContentTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

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

            using var shown = await host.ShowAsync(await response.ReadObjectAsync(HttpStatusCode.Created));
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

            using var shown = await host.ShowAsync(await response.ReadObjectAsync(HttpStatusCode.Created));
            Assert.True(Pictures.Distance(await Pictures.ReadAsync(shown), Pictures.Upright()) < 8, what);
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

    /// <summary>Files from before images were decoded: the row knows no size, and the file is as it came.</summary>
    [Fact]
    public async Task What_the_version_before_stored_is_encoded_anew_too()
    {
        var job = await host.PostAsync(_author);
        var image = await host.UploadAsync(_author, job.Id(), Png.Of());
        var key = await host.QueryAsync<Guid>($"UPDATE job_post_images SET width = null, height = null, placeholder = null, content_type = 'image/jpeg' WHERE id = '{image.Id()}' RETURNING storage_key");
        await File.WriteAllBytesAsync(host.Files.Single(file => Path.GetFileName(file) == $"{key:n}"), Pictures.Turned(6).WithExif(6).JpegsaveBuffer());

        using var shown = await host.ShowAsync(image);

        var bytes = await shown.Content.ReadAsByteArrayAsync();
        Assert.DoesNotContain(Pictures.Secret, Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.True(Pictures.Distance(Image.NewFromBuffer(bytes), Pictures.Upright()) < 4);
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
}
