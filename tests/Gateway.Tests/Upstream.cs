using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Explaino.Gateway.Tests;

/// <summary>
/// An instance of a service as the gateway sees it: a real server on loopback that tells what it was asked, and that can be slow, die over a
/// request, be unwell, stop and come back. What it shall do with a request is said in the query: <c>?do=die</c>.
/// </summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly string _name;
    private readonly ConcurrentQueue<string> _requests = new();
    private WebApplication? _app;
    private string _address = "http://127.0.0.1:0";

    private Upstream(string name) => _name = name;

    public string Address => _address;

    /// <summary>Method and target of each request, probes left out.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public bool Healthy { get; set; } = true;

    /// <summary>Its OpenAPI document, where a test asks for one.</summary>
    public string? Document { get; set; }

    public static async Task<Upstream> StartAsync(string name)
    {
        var upstream = new Upstream(name);
        await upstream.StartAsync();
        return upstream;
    }

    /// <summary>Again, where it was.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(_address);
        builder.WebHost.ConfigureKestrel(kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MaxRequestHeaderCount, kestrel.RequestHeaderEncodingSelector) = (null, 200, _ => System.Text.Encoding.Latin1));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        _address = _app.Urls.Single();
    }

    /// <summary>At once, requests in flight included.</summary>
    public async Task KillAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => new(KillAsync());

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/health")
        {
            http.Response.StatusCode = Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        _requests.Enqueue($"{http.Request.Method} {target}");
        if (http.WebSockets.IsWebSocketRequest)
        {
            var socket = await http.WebSockets.AcceptWebSocketAsync();
            if (http.Request.Query["do"] == "drop")
            {
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                await Task.Delay(100);
                http.Abort();
                return;
            }

            await EchoAsync(socket);
            return;
        }

        if (Document is { } document && http.Request.Path == "/openapi/v1.json")
        {
            await ShowAsync(http, document);
            return;
        }

        switch (http.Request.Query["do"].ToString())
        {
            case "die":
                http.Abort();
                return;
            case "break":
                http.Response.ContentLength = 100;
                await http.Response.Body.FlushAsync();
                http.Abort();
                return;
            case "break-late":
                await http.Response.Body.WriteAsync(new byte[200_000]);
                http.Abort();
                return;
            case "pour":
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await http.Response.Body.WriteAsync(new byte[64 * 1024]);
                }

                return;
            case "vary":
                http.Response.Headers.Vary = "Accept";
                return;
            case "hop":
                http.Response.Headers.Connection = "X-Hop";
                http.Response.Headers["X-Hop"] = "1";
                http.Response.Headers["X-End"] = "1";
                return;
            case "wait":
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case "refuse":
                http.Response.StatusCode = StatusCodes.Status409Conflict;
                http.Response.Headers["Via-Service"] = _name;
                await http.Response.WriteAsync("""{"code":"insufficient_points"}""");
                return;
            case "refuse-plainly":
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                http.Response.ContentLength = 0;
                return;
        }

        var length = 0L;
        var buffer = new byte[64 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer)) > 0;)
        {
            length += read;
        }

        http.Response.Headers.ETag = "\"1\"";
        await http.Response.WriteAsJsonAsync(new
        {
            service = _name,
            method = http.Request.Method,
            target,
            body_length = length,
            headers = http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
        });
    }

    private static async Task ShowAsync(HttpContext http, string document)
    {
        var tag = $"\"{document.GetHashCode()}\"";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(document);
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
}
