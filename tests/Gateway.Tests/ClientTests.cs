using System.Net;
using Explaino.Testing;
using Microsoft.Extensions.Options;

namespace Explaino.Gateway.Tests;

/// <summary>What an app asks before anything else.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task What_is_unset_is_null_and_the_answer_may_be_kept_for_five_minutes()
    {
        await using var gateway = new GatewayInProcess();
        using var client = new HttpClient { BaseAddress = gateway.Address };

        using var response = await client.GetAsync("/api/client");

        var told = await response.ReadObjectAsync(HttpStatusCode.OK);
        Assert.Equal(["api_level", "minimum_version", "update_url", "terms", "support", "features", "server_time"], told.Select(member => member.Key));
        Assert.All(["minimum_version", "update_url", "terms", "support"], member => Assert.Null(told[member]));
        Assert.Empty(told["features"]!.AsArray());
        Assert.InRange((DateTimeOffset)told["server_time"]!, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal("public, max-age=300", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task What_is_set_is_told()
    {
        await using var gateway = new GatewayInProcess(
            ("Client:MinimumVersion", "1.4"), ("Client:UpdateUrl", "https://example.org/app"), ("Terms:Version", "2026-01"),
            ("Terms:Url", "https://example.org/terms"), ("Client:Support:Email", "help@example.org"), ("Client:Features:0", "push"));
        using var client = new HttpClient { BaseAddress = gateway.Address };

        var told = await client.GetObjectAsync("/api/client");

        Assert.Equal("1.4", (string?)told["minimum_version"]);
        Assert.Equal("https://example.org/app", (string?)told["update_url"]);
        Assert.Equal("""{"version":"2026-01","url":"https://example.org/terms"}""", told["terms"]!.ToJsonString());
        Assert.Equal("""{"email":"help@example.org","url":null}""", told["support"]!.ToJsonString());
        Assert.Equal("""["push"]""", told["features"]!.ToJsonString());
    }

    [Theory]
    [InlineData("Client:UpdateUrl", "javascript:alert(1)")]
    [InlineData("Terms:Version", "2026-01")]
    [InlineData("Terms:Url", "https://example.org/terms")]
    public void A_setting_that_makes_no_sense_stops_the_start(string setting, string value) =>
        Assert.Throws<OptionsValidationException>(() => new GatewayInProcess((setting, value)));
}
