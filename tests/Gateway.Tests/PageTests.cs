using System.Net;
using System.Text.RegularExpressions;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>What the gateway answers by itself.</summary>
public sealed partial class PageTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task The_root_leads_to_the_documentation()
    {
        using var response = await gateway.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/docs", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task The_documentation_is_a_page_from_this_origin_alone()
    {
        using var response = await gateway.Client.GetAsync("/docs/index.html");

        var page = await response.Content.ReadAsStringAsync();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("script-src 'self';", policy);
        Assert.All(Sources().Matches(page), source => Assert.DoesNotContain("//", source.Groups[1].Value));
        Assert.DoesNotMatch("<script>|<style>| on[a-z]+=", page);
        foreach (Match source in Sources().Matches(page))
        {
            using var asset = await gateway.Client.GetAsync($"/docs/{source.Groups[1].Value}");
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        }
    }

    [Fact]
    public async Task The_documentation_shows_every_service()
    {
        var script = await gateway.Client.GetStringAsync("/docs/index.js");

        Assert.All(Service.WithDatabase, service => Assert.Contains($"/openapi/{service.Name}.json", script));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task The_gateway_tells_its_own_health(string path)
    {
        var answer = await gateway.Client.GetObjectAsync(path);

        Assert.Equal("healthy", (string?)answer["status"]);
    }

    [Theory]
    [InlineData("/api/jobs")]
    [InlineData("/api/unknown")]
    [InlineData("/health")]
    public async Task Every_answer_is_harmless_in_a_browser(string path)
    {
        using var response = await gateway.Client.GetAsync(path);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("default-src 'none'; base-uri 'none'; frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Sources();
}
