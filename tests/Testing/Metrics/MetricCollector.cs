using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.Testing.Metrics;

/// <summary>Takes the metrics that processes export over OTLP/HTTP, and keeps of each series what it was at each export since it was last asked to forget.</summary>
public sealed class MetricCollector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Sample>> _series = [];
    private readonly WebApplication _app;

    private MetricCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/metrics", ReceiveAsync);
        _app.MapPost("/v1/{signal}", () => TypedResults.Ok());
    }

    /// <summary>What a process is told, to export to here each second.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        ["Telemetry:TracedShare"] = "0",
    };

    public static async Task<MetricCollector> StartAsync()
    {
        var collector = new MetricCollector();
        await collector._app.StartAsync();
        return collector;
    }

    public void Forget() => _series.Clear();

    /// <summary>Each series, its samples in their order.</summary>
    public IReadOnlyList<IReadOnlyList<Sample>> Series() => [.. _series.Values.Select(samples => samples.ToList())];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var sample in OtlpMetrics.Read(body.ToArray()))
        {
            _series.GetOrAdd(sample.Series, _ => new()).Enqueue(sample);
        }

        return TypedResults.Ok();
    }
}
