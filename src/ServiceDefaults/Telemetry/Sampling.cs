using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Explaino.ServiceDefaults.Telemetry;

/// <summary>
/// Head sampler of root spans: a share of the requests is traced through all services. Background noise, which would drown the rest, never is: the polls of
/// background workers (a client span without a parent) and the gateway's health probes.
/// </summary>
internal sealed class RootSampler(double share) : Sampler
{
    private readonly TraceIdRatioBasedSampler _share = new(share);
    private readonly UnsampledSampler _unsampled = new();

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.Kind == ActivityKind.Client || samplingParameters.Name == "proxy.cluster_health_checks")
        {
            return new(SamplingDecision.Drop);
        }

        var sampled = _share.ShouldSample(samplingParameters);
        return sampled.Decision == SamplingDecision.RecordAndSample ? sampled : _unsampled.ShouldSample(samplingParameters);
    }
}

/// <summary>Sampler of what is not traced: each process records its own span of a request or a message, and nothing below it, for <see cref="TailKeeping"/> to judge.</summary>
internal sealed class UnsampledSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind is ActivityKind.Server or ActivityKind.Consumer ? SamplingDecision.RecordOnly : SamplingDecision.Drop);
}

/// <summary>Tail sampling within the process: what failed or was slow is exported although its trace was not sampled.</summary>
internal sealed class TailKeeping(TimeSpan slow) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (!data.Recorded && (data.Status == ActivityStatusCode.Error || (data.Duration >= slow && !IsConnection(data))))
        {
            data.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        }
    }

    // A WebSocket lasts as long as its device stays.
    private static bool IsConnection(Activity span) => span.GetTagItem("http.response.status_code") is 101;
}
