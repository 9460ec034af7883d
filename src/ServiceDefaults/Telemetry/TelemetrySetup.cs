using System.Diagnostics;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Explaino.ServiceDefaults.Telemetry;

/// <summary>OpenTelemetry: traces, metrics and logs over OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing is measured elsewhere.</summary>
public static class TelemetrySetup
{
    /// <summary>Whether telemetry has anywhere to go: what would be measured for nothing is left out otherwise.</summary>
    public static bool IsExported(this IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    internal static void ConfigureOpenTelemetry(this WebApplicationBuilder builder)
    {
        // Framework chatter hides what matters, and its request lines would carry query strings (tokens of the chat hub among them).
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // Each retry would be a warning; who asked says what became of it.
        builder.Logging.AddFilter("Polly", LogLevel.Error);

        if (!builder.Configuration.IsExported())
        {
            return;
        }

        var tracedShare = builder.Configuration.GetValue("Telemetry:TracedShare", builder.Environment.IsDevelopment() ? 1 : 0.05);
        var slow = builder.Configuration.GetValue("Telemetry:SlowAfter", TimeSpan.FromSeconds(1));

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });

        builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, read last, win over the project's name.
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName).AddEnvironmentVariableDetector())
            .WithTracing(traces => traces
                .SetSampler(new ParentBasedSampler(new RootSampler(tracedShare), remoteParentNotSampled: new UnsampledSampler()))
                .AddProcessor(new TailKeeping(slow))
                .AddAspNetCoreInstrumentation(server => server.Filter = IsNoProbe)
                .AddHttpClientInstrumentation()
                .AddSource("Npgsql", "MassTransit", "Yarp.ReverseProxy", "Microsoft.AspNetCore.SignalR.Server", "Explaino.*"))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Npgsql", "MassTransit", "Yarp.*", "Polly", "Explaino.*"))
            .UseOtlpExporter();
    }

    private static bool IsNoProbe(HttpContext http) => !http.Request.Path.Equals(Health.Path) && !http.Request.Path.Equals(Health.AlivePath);
}

/// <summary>
/// Sampler of root spans that leaves out background noise, which would drown the rest: the polls of background workers (a client span without a
/// parent) and the gateway's health probes. Every request is kept.
/// </summary>
internal sealed class BackgroundNoiseSampler : Sampler
{
    private static readonly SamplingResult Drop = new(SamplingDecision.Drop);
    private static readonly SamplingResult Keep = new(SamplingDecision.RecordAndSample);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Client || samplingParameters.Name == "proxy.cluster_health_checks" ? Drop : Keep;
}
