using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Images in the sizes in which they are asked for.</summary>
public sealed class ImageSizeTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

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

        using var plain = await host.ShowAsync(image, size: size);
        using var webP = await host.ShowAsync(image, headers => headers.Accept.ParseAdd("image/avif,image/webp,*/*;q=0.8"), size);

        Assert.Equal(("image/jpeg", "image/webp"), (plain.Content.Headers.ContentType?.ToString(), webP.Content.Headers.ContentType?.ToString()));
        Assert.NotEqual(plain.Headers.ETag, webP.Headers.ETag);
        foreach (var shown in new[] { plain, webP })
        {
            var picture = await Pictures.ReadAsync(shown);
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

        var shown = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.ShowAsync(image, size: 128)));
        var made = host.Files.Count;
        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, new Uri((string)image["url"]!).AbsolutePath);

        Assert.All(shown, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(files + 1, made);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(files - 1, host.Files.Count);
    }

    [Fact]
    public async Task What_a_process_left_that_died_is_swept_after_a_day_with_its_sizes_and_only_that()
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

        own.Clock.Advance(TimeSpan.FromHours(25));
        await Eventually.TrueAsync(() => !orphans.Any(File.Exists));

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal(kept.Order(), own.Files.Order());
    }
}
