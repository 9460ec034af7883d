using System.Net;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

public sealed class BodyTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData("/api/profiles/me/resume", (5 * Mebibyte) + 2000)]
    [InlineData("/api/profiles/me/resume/", (5 * Mebibyte) + 2000)]
    [InlineData("/api/jobs/1/images", (5 * Mebibyte) + 2000)]
    [InlineData("/api/jobs", Mebibyte)]
    public async Task A_body_within_the_limit_passes(string path, int length)
    {
        using var response = await gateway.Client.PutAsync(path, new ByteArrayContent(new byte[length]));

        Assert.Equal(length, (int?)(await response.ReadObjectAsync())["body_length"]);
    }

    [Theory]
    [InlineData("/api/profiles/me/resume", "profile", (6 * Mebibyte) + 1)]
    [InlineData("/api/jobs/1/images", "jobs", (6 * Mebibyte) + 1)]
    [InlineData("/api/jobs", "jobs", Mebibyte + 1)]
    [InlineData("/api/profiles/me", "profile", Mebibyte + 1)]
    public async Task A_body_announced_as_too_large_is_413_before_a_service_hears_of_it(string path, string service, int length)
    {
        var target = $"{path}?announced={length}";
        using var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.ExpectContinue = true;

        using var response = await gateway.Client.SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        Assert.DoesNotContain($"PUT {target}", gateway[service].Requests);
    }

    [Fact]
    public async Task A_body_that_turns_out_too_large_is_413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs") { Content = new ByteArrayContent(new byte[Mebibyte + 1]) };
        request.Headers.TransferEncodingChunked = true;

        using var response = await gateway.Client.SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }
}
