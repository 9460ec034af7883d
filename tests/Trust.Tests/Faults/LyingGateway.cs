using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.Trust.Tests.Faults;

/// <summary>The seeded bugs: stands before the gateway, and once in a while acknowledges a write that it swallowed, or makes one twice.</summary>
internal sealed class LyingGateway : IAsyncDisposable
{
    private const int OneIn = 20;
    private static readonly string[] Copied = ["Authorization", "Idempotency-Key"];

    private readonly WebApplication _app;
    private readonly HttpClient _gateway;
    private int _writes;

    private LyingGateway(Uri gateway)
    {
        _gateway = new HttpClient { BaseAddress = gateway };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public bool Swallows { get; set; }

    public bool Doubles { get; set; }

    public static async Task<LyingGateway> StartAsync(Uri gateway)
    {
        var liar = new LyingGateway(gateway);
        await liar._app.StartAsync();
        return liar;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _gateway.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var content = new MemoryStream();
        await http.Request.Body.CopyToAsync(content);
        var isKeyed = http.Request.Headers.ContainsKey("Idempotency-Key");
        var lies = isKeyed && Interlocked.Increment(ref _writes) % OneIn == 0;
        if (lies && Swallows)
        {
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsJsonAsync(new { id = Guid.CreateVersion7() });
            return;
        }

        if (lies && Doubles)
        {
            using var again = await ForwardAsync(http.Request, content.ToArray(), key: Guid.CreateVersion7().ToString());
        }

        using var answer = await ForwardAsync(http.Request, content.ToArray(), key: null);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.Headers.RetryAfter is { } pause)
        {
            http.Response.Headers.RetryAfter = pause.ToString();
        }

        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            await http.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest from, byte[] content, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(from.Method), $"{from.Path}{from.QueryString}");
        if (content.Length > 0)
        {
            request.Content = new ByteArrayContent(content);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", from.ContentType);
        }

        foreach (var name in Copied.Where(from.Headers.ContainsKey))
        {
            request.Headers.TryAddWithoutValidation(name, name == "Idempotency-Key" && key is not null ? key : from.Headers[name].ToString());
        }

        return await _gateway.SendAsync(request);
    }
}
