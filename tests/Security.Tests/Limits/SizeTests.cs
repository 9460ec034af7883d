using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Explaino.Security.Tests.Authorization;
using Explaino.Testing;

namespace Explaino.Security.Tests.Limits;

/// <summary>Requests that are larger, deeper or denser than anybody needs are refused early, at little cost.</summary>
public sealed class SizeTests(SecuritySystem system)
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData("a header of 40 KB", "X-Large", 40_000, 431)]
    [InlineData("a cookie of 40 KB", "Cookie", 40_000, 431)]
    public async Task A_huge_header_is_refused(string what, string name, int length, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
        request.Headers.TryAddWithoutValidation(name, new string('a', length));

        using var response = await system.Gateway.SendAsync(request);

        Assert.True((int)response.StatusCode == status, what);
    }

    [Fact]
    public async Task Hundreds_of_headers_or_an_endless_address_are_refused()
    {
        var many = string.Concat(Enumerable.Range(0, 500).Select(number => $"X-{number}: x\r\n"));

        Assert.StartsWith("HTTP/1.1 431", await AskAsync($"GET /alive HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await AskAsync($"GET /alive?{new string('a', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_announces_or_shows_itself_too_large_is_refused()
    {
        var user = await system.RegisterAsync();
        var head = $"POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {user.AccessToken()}\r\nContent-Type: application/json\r\n";

        Assert.StartsWith("HTTP/1.1 413", await AskAsync($"{head}Content-Length: 99999999999\r\n\r\n"), StringComparison.Ordinal);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/jobs") { Content = JsonContent.Create(new { title = new string('a', 3 * Mebibyte) }) };
        chunked.Headers.TransferEncodingChunked = true;
        using var refused = await SendOrNullAsync(user, chunked);
        Assert.True(refused is null or { StatusCode: HttpStatusCode.RequestEntityTooLarge }, $"{refused?.StatusCode}");
        using var upload = await user.Client.PutAsync("/api/profiles/me/resume", Files.Form([.. "%PDF-1.7\n"u8, .. new byte[5 * Mebibyte]], "cv.pdf"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, upload.StatusCode);
    }

    [Fact]
    public async Task Deep_or_crowded_JSON_costs_little()
    {
        await using var meanwhile = await LoadObserver.StartAsync(system);
        var user = await system.RegisterAsync();
        string[] bodies =
        [
            new('[', Mebibyte - 10), string.Concat(Enumerable.Repeat("{\"a\":", 150_000)), $"[{string.Concat(Enumerable.Repeat("1,", 500_000))}1]",
            $"{{{string.Join(',', Enumerable.Range(0, 80_000).Select(number => $"\"a{number}\":1"))}}}", $"{{\"tags\":[{string.Join(',', Enumerable.Repeat("\"\"", 300_000))}],\"title\":\"x\",\"description\":\"x\"}}",
            $"{{\"title\":{new string('9', Mebibyte - 100)}}}", $"{{\"title\":\"{string.Concat(Enumerable.Repeat("\\u0041", 150_000))}\"}}",
        ];

        await Parallel.ForEachAsync(bodies.SelectMany(body => Enumerable.Repeat(body, Scale.Of(4, 10, 50))), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (body, cancellationToken) =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await user.Client.PostAsync("/api/jobs", content, cancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        });

        await meanwhile.EndAsync("deep and crowded JSON");
    }

    [Fact]
    public async Task Compressed_bombs_do_not_go_off()
    {
        await using var meanwhile = await LoadObserver.StartAsync(system);
        var user = await system.RegisterAsync();
        using var posted = await user.Client.PostAsJsonAsync("/api/jobs", new { title = "Bombs", description = "To defuse" });
        var images = $"/api/jobs/{(await posted.ReadObjectAsync(HttpStatusCode.Created))["id"]}/images";

        for (var round = 0; round < Scale.Of(3, 10, 50); round++)
        {
            Assert.Equal(400, await UploadAsync(user, HttpMethod.Post, images, Png.Of(60_000, 60_000)));
            Assert.Equal(400, await UploadAsync(user, HttpMethod.Post, images, Png.Of(int.MaxValue, int.MaxValue)));
            Assert.Contains(await UploadAsync(user, HttpMethod.Post, images, Bombs.PngWithText(100 * Mebibyte)), new[] { 201, 400, 409 });
            Assert.Contains(await UploadAsync(user, HttpMethod.Put, "/api/profiles/me/resume", Bombs.Docx(300 * Mebibyte)), new[] { 200, 413, 415 });
            using var gzip = new ByteArrayContent(Bombs.Gzip(200 * Mebibyte));
            gzip.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            gzip.Headers.ContentEncoding.Add("gzip");
            using var response = await user.Client.PostAsync("/api/jobs", gzip);
            Assert.Contains((int)response.StatusCode, new[] { 400, 415 });
        }

        await meanwhile.EndAsync("compressed bombs");
    }

    private static async Task<int> UploadAsync(Member user, HttpMethod method, string path, byte[] file)
    {
        using var request = new HttpRequestMessage(method, path) { Content = Files.Form(file, "x") };
        using var response = await user.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    // A body that is cut off while it is still being sent may end the connection before the answer is read.
    private static async Task<HttpResponseMessage?> SendOrNullAsync(Member user, HttpRequestMessage request)
    {
        try
        {
            return await user.Client.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<string> AskAsync(string request)
    {
        using var connection = await BareConnection.ConnectAsync(system.Gateway.BaseAddress!);
        await connection.TrySendAsync(Encoding.ASCII.GetBytes(request));
        return await connection.ReadUntilAsync("\r\n");
    }
}
