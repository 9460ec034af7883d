using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Explaino.Gateway.Tests;

/// <summary>What passes of a request's head, and how the rest is refused.</summary>
public sealed class HeaderTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("X-FOO", "x-foo: 1", "x-foo")]
    [InlineData("X-Foo , X-Bar", "X-Bar: 1", "x-bar")]
    [InlineData("Authorization", "Authorization: Bearer x", "authorization")]
    [InlineData("close, X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("Close,X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("keep-alive, X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("X-Foo, Keep-Alive", "X-Foo: 1", "x-foo")]
    [InlineData("Upgrade, X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("keep-alive, close, X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("close\r\nConnection: X-Foo", "X-Foo: 1", "x-foo")]
    [InlineData("keep-alive\r\nConnection: X-Foo", "X-Foo: 1", "x-foo")]
    public async Task A_header_that_the_connection_names_goes_no_further(string connection, string header, string name)
    {
        var answer = await AskAsync($"GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n{header}\r\nX-Other: 2\r\n\r\n");

        var headers = BodyOf(answer)["headers"]!.AsObject();
        Assert.False(headers.ContainsKey(name));
        Assert.Equal("2", (string?)headers["x-other"]);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Connection: close\r\n", true)]
    [InlineData("Connection: keep-alive\r\n", false)]
    [InlineData("Connection: close, X-Foo\r\n", true)]
    public async Task A_connection_ends_when_its_client_says_so_and_not_before(string header, bool isClosed)
    {
        var request = $"HEAD /alive HTTP/1.1\r\nHost: localhost\r\n{header}\r\n";

        var answers = await AskAsync(request + request, answer => Answers(answer) == 2);

        Assert.Equal(isClosed ? 1 : 2, Answers(answers));

        static int Answers(string text) => text.Split("HTTP/1.1 200").Length - 1;
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    public async Task What_the_gateway_says_itself_and_what_frames_the_message_stays(string name)
    {
        var answer = await AskAsync($"POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close, {name}\r\nContent-Length: 3\r\n\r\nabc");

        var body = BodyOf(answer);
        Assert.Equal("127.0.0.1", (string?)body["headers"]!["x-forwarded-for"]);
        Assert.Equal(3, (int?)body["body_length"]);
    }

    [Fact]
    public async Task A_header_of_the_answer_that_its_connection_names_goes_no_further()
    {
        using var response = await gateway.Client.GetAsync("/api/jobs?do=hop");

        Assert.False(response.Headers.Contains("X-Hop"));
        Assert.True(response.Headers.Contains("X-End"));
    }

    [Theory]
    [InlineData("M\u00FCller")]
    [InlineData("M\u00C3\u00BCller \u00F0\u009F\u0098\u0080")]
    public async Task A_header_passes_byte_for_byte_whatever_its_encoding(string value)
    {
        var answer = await AskAsync($"GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: {value}\r\n\r\n");

        Assert.Equal(value, (string?)BodyOf(answer)["headers"]!["user-agent"]);
    }

    [Fact]
    public async Task A_hundred_headers_pass_and_more_are_refused_with_a_problem()
    {
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(WithHeaders(98, 1)), StringComparison.Ordinal);
        IsProblem(await AskAsync(WithHeaders(99, 1)), 431, "headers_too_large");
        IsProblem(await AskAsync(WithHeaders(500, 1)), 431, "headers_too_large");
        IsProblem(await AskAsync(WithHeaders(1, 33_000)), 431, "headers_too_large");
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_refused_with_a_problem()
    {
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(To(8_000)), StringComparison.Ordinal);
        IsProblem(await AskAsync(To(8_193)), 414, "uri_too_long");
        IsProblem(await AskAsync(To(20_000)), 414, "uri_too_long");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs/index.html")]
    [InlineData("/docs/swagger-ui.css")]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task The_gateways_own_pages_answer_HEAD_as_GET(string path)
    {
        using var get = await gateway.Client.GetAsync(path);
        using var head = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_reaches_a_service_as_it_came()
    {
        using var response = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/jobs?head"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("HEAD /api/jobs?head", gateway["jobs"].Requests);
    }

    // Host and Connection are two more.
    private static string WithHeaders(int count, int length) =>
        $"GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: {new string('x', length)}\r\n"))}\r\n";

    private static string To(int length) => $"GET /api/jobs?{new string('a', length - 25)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static void IsProblem(string answer, int status, string code)
    {
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"detail\":", answer, StringComparison.Ordinal);
    }

    private static JsonObject BodyOf(string answer)
    {
        var body = answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)];
        return JsonNode.Parse(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)))!.AsObject();
    }

    private async Task<string> AskAsync(string request, Func<string, bool>? isWhole = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var (answer, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        while (!(isWhole ?? IsWhole)(answer.ToString()) && await stream.ReadAsync(buffer, limit.Token) is > 0 and var count)
        {
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer) => answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) || answer.TrimEnd().EndsWith("}}", StringComparison.Ordinal);
}
