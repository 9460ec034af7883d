using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Explaino.Bench.Load;
using NetVips;

namespace Explaino.Bench.Figures;

/// <summary>
/// A photo of 12 megapixels: how long it is until it is taken, and until a size of it is there, beside the library alone in this process; how often a
/// size can be delivered, beside nginx that serves the same file; and what a page of 20 jobs weighs with pictures of 256 pixels.
/// </summary>
internal static class Pictures
{
    private const int Count = 10;

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchSystem system, Users users, Options options)
    {
        var photo = Photo();
        var token = users.TokenOf(1);
        using var gateway = new HttpConnection(system.Port("gateway"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{system.Port("gateway")}"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        var job = gateway.Ask(Request.Post("/api/jobs", token, """{"title":"Pictures","description":"To look at"}""")).GetProperty("id").GetString();

        var (uploads, paths) = (new List<double>(), new List<string>());
        for (var number = 0; number < Count; number++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(photo), "file", "photo.jpg" } };
            var from = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsync(new Uri($"/api/jobs/{job}/images", UriKind.Relative), form);
            uploads.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            var image = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
            paths.Add($"{new Uri(image.RootElement.GetProperty("url").GetString()!).AbsolutePath}?size=256");
        }

        var library = Time(() => Small(photo, 2048));
        var upload = uploads.Median();
        yield return new("a photo of 12 megapixels → taken", $"p50 {upload:F0} ms (the library alone: {library:F0} ms)", "< 2 × the library", upload < 2 * library);

        var firsts = new List<double>();
        foreach (var path in paths)
        {
            var from = Stopwatch.GetTimestamp();
            gateway.Exchange(Request.Get(path));
            firsts.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        var first = firsts.Median();
        yield return new("a size of it for the first time", $"p50 {first:F0} ms", "< 100 ms", first < 100);

        var small = await http.GetByteArrayAsync(new Uri(paths[0], UriKind.Relative));
        await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(BenchSystem.State, "pictures")).FullName, "small.jpg"), small);
        var product = ClosedLoop.Run(system.Port("gateway"), options.Duration, _ => Request.Get(paths[0]));
        var nginx = ClosedLoop.Run(system.Port("nginx"), options.Duration, _ => Request.Get("/pictures/small.jpg"));
        yield return new(
            $"the same size again ({small.Length / 1024} KiB), requests/s", $"{product.PerSecond:N0} (nginx with the file: {nginx.PerSecond:N0})", "no errors", product.Errors == 0);

        yield return new(
            "20 jobs with a picture each: bytes of the pictures at 256 pixels", $"{20L * small.Length / 1024:N0} KiB (as they were uploaded: {20L * photo.Length / 1024:N0} KiB)", "≤ 1 MiB", 20 * small.Length <= 1 << 20);
    }

    private static double Time(Func<byte[]> render) => Enumerable.Range(0, 5).Select(_ =>
    {
        var from = Stopwatch.GetTimestamp();
        render();
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }).Median();

    private static byte[] Small(byte[] photo, int side)
    {
        using var picture = Image.ThumbnailBuffer(photo, side, height: side, size: Enums.Size.Down, outputProfile: "srgb");
        return picture.JpegsaveBuffer(q: 88, keep: Enums.ForeignKeep.None);
    }

    /// <summary>Shapes of all sizes and the noise of a sensor, so that it weighs what a photo weighs.</summary>
    private static byte[] Photo()
    {
        const int Width = 4000, Height = 3000;
        var noise = Image.Gaussnoise(Width, Height, sigma: 9, mean: 0);
        Image[] bands = [.. Enumerable.Range(0, 3).Select(band =>
            (Image.Perlin(Width, Height, cellSize: 256 << band) * 80) + (Image.Perlin(Width, Height, cellSize: 24) * 30) + 128 + noise)];
        return bands[0].Bandjoin(bands[1..]).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).JpegsaveBuffer(q: 85);
    }
}
