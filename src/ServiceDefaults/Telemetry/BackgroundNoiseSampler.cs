using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Explaino.ServiceDefaults.Telemetry;

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
