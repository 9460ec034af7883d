using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Explaino.JobBoardService.Tests;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Media;

/// <summary>Damaged pictures by the thousand: each is taken or refused, no process of the service ends, and none grows.</summary>
public sealed class MutatedPictureTests(WiredSystem system)
{
    private const int Uploaders = 4;

    [Fact]
    public async Task No_damaged_picture_harms_the_service()
    {
        var count = Scale.Of(test: 200, shortRun: 2_000, longRun: 20_000);
        byte[][] pictures = [.. Directory.GetFiles(Repository.PathTo("tests", "JobBoardService.Tests", "Files")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        await UploadAsync(pictures, seed: 0, count: Uploaders * 10);
        var (service, before) = MemoryOfService();

        var answers = await UploadAsync(pictures, seed: 1, count);

        var (same, after) = MemoryOfService();
        Figures.Record("Pictures", "damaged pictures uploaded", $"{count}");
        Figures.Record("Pictures", "of these taken, the rest refused", $"{answers.GetValueOrDefault(HttpStatusCode.Created)}");
        Figures.Record("Pictures", "memory of the service before and after, MiB", $"{before >> 20}, {after >> 20}");
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType }, answers.Keys.ToHashSet());
        Assert.Equal(count, answers.Values.Sum());
        Assert.Equal(service, same);
        Assert.InRange(after, 0, before + (96 << 20));
    }

    private async Task<Dictionary<HttpStatusCode, int>> UploadAsync(byte[][] pictures, int seed, int count)
    {
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        await Task.WhenAll(Enumerable.Range(0, Uploaders).Select(async uploader =>
        {
            var random = new Random((seed * Uploaders) + uploader);
            var person = await system.RegisterAsync();
            using var posted = await person.Client.PostAsJsonAsync("/api/jobs", new { title = "Pictures", description = "To look at" });
            var images = $"/api/jobs/{(await posted.ReadObjectAsync(HttpStatusCode.Created))["id"]}/images";
            for (var number = uploader; number < count; number += Uploaders)
            {
                using var form = new MultipartFormDataContent { { new ByteArrayContent(Mutations.Of(pictures[number % pictures.Length], random)), "file", "picture" } };
                using var answer = await person.Client.PostAsync(images, form);
                answers.AddOrUpdate(answer.StatusCode, 1, (_, former) => former + 1);
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    using var deleted = await person.Client.DeleteAsync(answer.Headers.Location!.AbsolutePath);
                    Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
                }
            }
        }));
        return new(answers);
    }

    /// <summary>The process of JobBoard that this test process started, and what it has in memory; its decoders are processes of their own.</summary>
    private static (int Process, long Bytes) MemoryOfService()
    {
        var own = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Single(process => Read(process!, "cmdline") is var line && line.Contains("JobBoardService.dll", StringComparison.Ordinal) && !line.Contains("\0media\0", StringComparison.Ordinal)
                && Read(process!, "stat").Split(") ")[^1].Split(' ') is [_, var parent, ..] && parent == $"{Environment.ProcessId}");
        var resident = Read(own!, "status").Split('\n').Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return (int.Parse(own!, CultureInfo.InvariantCulture), long.Parse(resident, CultureInfo.InvariantCulture) << 10);
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
