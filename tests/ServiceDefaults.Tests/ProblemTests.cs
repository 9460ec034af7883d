using System.Net;
using System.Net.Sockets;
using System.Text;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>What the framework refuses by itself has the six members of every problem, and helps.</summary>
public sealed class ProblemTests(SampleService service) : IClassFixture<SampleService>
{
    [Theory]
    [InlineData("GET", "/api/me", 401, "token")]
    [InlineData("GET", "/api/nowhere", 404, "path")]
    [InlineData("DELETE", "/api/things", 405, "GET, POST")]
    [InlineData("POST", "/api/things", 415, "application/json")]
    [InlineData("PATCH", "/api/things/1", 415, "application/merge-patch+json")]
    [InlineData("GET", "/api/things/broken", 500, "trace_id")]
    public async Task A_refusal_of_the_framework_says_what_would_be_right(string method, string path, int status, string told)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = status == 415 ? new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded") : null;

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        await HasSixMembersAsync(response, told);
    }

    [Fact]
    public async Task So_does_one_of_a_token()
    {
        using var expired = await service.As(service.Issuer.Issue(TestUser.New(), new TokenOptions { Lifetime = TimeSpan.FromMinutes(-1) })).GetAsync("/api/me");
        using var user = await service.As(service.Issuer.Issue(TestUser.New())).GetAsync("/api/admin");

        await HasSixMembersAsync(expired, "expired");
        await HasSixMembersAsync(user, "may not");
    }

    [Fact]
    public async Task So_does_one_of_a_chunked_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/things")
        {
            Content = new StringContent($$"""{"first_name":"{{new string('x', 1024 * 1024)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = true;

        using var response = await service.Client.SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        await HasSixMembersAsync(response, "larger");
    }

    [Theory]
    [InlineData("/api/things")]
    [InlineData("/api/things/1")]
    [InlineData("/api/things/1/")]
    [InlineData("/api/me")]
    [InlineData("/api/nowhere")]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/openapi/v1.json")]
    public async Task HEAD_is_answered_as_GET_is_without_a_body(string path)
    {
        using var get = await service.Client.GetAsync(path);
        using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(HeadersOf(get), HeadersOf(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("User-Agent: M\u00FCller")]
    [InlineData("X-Unknown: \u00FF\u00FE")]
    public async Task A_header_in_another_encoding_is_no_refusal(string header)
    {
        Assert.StartsWith("HTTP/1.1 200", await AskAsync($"{header}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_headers_than_the_gateway_takes_are_no_refusal() =>
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(string.Concat(Enumerable.Range(0, 120).Select(number => $"X-{number}: x\r\n"))), StringComparison.Ordinal);

    private static async Task HasSixMembersAsync(HttpResponseMessage response, string told)
    {
        var problem = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal(["code", "detail", "status", "title", "trace_id", "type"], problem.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Contains(told, (string?)problem["detail"], StringComparison.Ordinal);
    }

    private static string[] HeadersOf(HttpResponseMessage response) =>
        [.. response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Transfer-Encoding" or "Content-Length"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal)];

    private async Task<string> AskAsync(string headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET /api/things/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
