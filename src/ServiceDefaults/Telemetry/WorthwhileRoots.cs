using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Explaino.ServiceDefaults.Telemetry;

/// <summary>Leaves out traces that would drown the others: health probes (the gateway's too), and the polls of background workers (a client span without a parent).</summary>
internal sealed class WorthwhileRoots : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.Kind == ActivityKind.Client || samplingParameters.Name == "proxy.cluster_health_checks")
        {
            return new SamplingResult(SamplingDecision.Drop);
        }

        foreach (var tag in samplingParameters.Tags ?? [])
        {
            if (tag is { Key: "url.path", Value: "/health" or "/alive" })
            {
                return new SamplingResult(SamplingDecision.Drop);
            }
        }

        return new SamplingResult(SamplingDecision.RecordAndSample);
    }
}
