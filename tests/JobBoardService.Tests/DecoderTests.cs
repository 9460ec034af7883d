using System.Diagnostics;
using System.Globalization;
using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Pictures are decoded by processes that may die (docs/adr/0012): the service and its other pictures go on.</summary>
public sealed class DecoderTests : IAsyncLifetime
{
    private readonly TestUser _author = TestUser.New();
    private readonly JobsHost _host = new(new() { ["Media:MemoryMiB"] = "128", ["Media:Patience"] = "00:00:03", ["Media:Processes"] = "1" });

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_picture_that_kills_or_stops_its_decoder_takes_nothing_along()
    {
        var job = await _host.PostAsync(_author);
        var small = Pictures.Upright().JpegsaveBuffer();
        // All of it is in memory before the first line is shown.
        var large = Pictures.Upright(8000, 6000).JpegsaveBuffer(interlace: true);

        using var first = await _host.TryUploadAsync(_author, job.Id(), small);
        var decoder = Assert.Single(Decoders());
        var (environment, oomScore) = (await File.ReadAllTextAsync($"/proc/{decoder}/environ"), await File.ReadAllTextAsync($"/proc/{decoder}/oom_score_adj"));
        using var tooLarge = await _host.TryUploadAsync(_author, job.Id(), large);
        using var second = await _host.TryUploadAsync(_author, job.Id(), small);

        // As if a picture had taken it into an endless loop, or had it end.
        Send("STOP", Assert.Single(Decoders()));
        using var third = await _host.TryUploadAsync(_author, job.Id(), small);
        Send("KILL", Assert.Single(Decoders()));
        using var fourth = await _host.TryUploadAsync(_author, job.Id(), small);

        await tooLarge.IsProblemAsync(HttpStatusCode.BadRequest, "image_invalid");
        Assert.All([first, second, third, fourth], response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.DoesNotContain("ConnectionStrings", environment, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("1000", oomScore.Trim());
    }

    /// <summary>The children of this process that decode.</summary>
    private static List<int> Decoders() =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(process => Read(process, "cmdline") is var line && line.Contains("JobBoardService.dll\0media\0134217728", StringComparison.Ordinal)
                && Read(process, "stat").Split(") ") is [_, var rest] && rest.Split(' ') is [not "Z", var parent, ..] && parent == $"{System.Environment.ProcessId}"),
    ];

    private static string Read(int process, string file)
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

    private static void Send(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
