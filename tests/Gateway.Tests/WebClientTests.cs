using System.Net;
using System.Text.RegularExpressions;

namespace Explaino.Gateway.Tests;

/// <summary><c>/app</c>: the files of clients/web as its build left them, for development alone.</summary>
public sealed partial class WebClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("explaino-web-").FullName;

    public WebClientTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "assets"));
        File.WriteAllText(Path.Combine(_folder, "index.html"), "<!doctype html><title>Explaino</title>");
        File.WriteAllText(Path.Combine(_folder, "assets", "index-1.js"), "export {}");
    }

    [Fact]
    public async Task It_is_a_page_of_this_origin_alone_and_its_files_are_kept_by_browsers()
    {
        await using var gateway = new GatewayInProcess(("WebClient:Folder", _folder));
        using var client = new HttpClient { BaseAddress = gateway.Address };

        using var page = await client.GetAsync("/app");
        using var script = await client.GetAsync("/app/assets/index-1.js");

        Assert.Equal("/app/", page.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-cache", page.Headers.CacheControl?.ToString());
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromDays(365), script.Headers.CacheControl?.MaxAge);
        foreach (var policy in new[] { page, script }.Select(response => response.Headers.GetValues("Content-Security-Policy").Single()))
        {
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotMatch(Loose(), policy);
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_development_there_is_none(string environment)
    {
        await using var gateway = new GatewayInProcess(environment, ("WebClient:Folder", _folder));
        using var client = new HttpClient { BaseAddress = gateway.Address };

        using var page = await client.GetAsync("/app/");

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex("unsafe|data:|blob:|\\*")]
    private static partial Regex Loose();
}
