using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.Testing;

/// <summary>Takes what the processes export over OTLP/HTTP, and tells which of them took part in a trace.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly ConcurrentBag<byte[]> _exports = [];
    private readonly WebApplication _app;

    private TraceCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", ReceiveAsync);
        _app.MapPost("/v1/{signal}", () => TypedResults.Ok());
    }

    public string Address => _app.Urls.Single();

    public static async Task<TraceCollector> StartAsync()
    {
        var collector = new TraceCollector();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Whether this service exported a span of the trace whose name holds this text. An export is of one service.</summary>
    public bool HasSpan(ActivityTraceId trace, string service, string name)
    {
        var id = Convert.FromHexString(trace.ToHexString());
        return _exports.Any(export => Contains(export, id) && Contains(export, Encoding.UTF8.GetBytes(service)) && Contains(export, Encoding.UTF8.GetBytes(name)));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static bool Contains(byte[] export, byte[] part) => export.AsSpan().IndexOf(part) >= 0;

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _exports.Add(body.ToArray());
        return TypedResults.Ok();
    }
}
