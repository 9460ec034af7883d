using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Explaino.Gateway.Forwarding;

/// <summary>
/// Leaves an instance out as soon as it takes no connection. Other failures say little about the instance (YARP's own policy counts clients that
/// hang up among them) and are left to the probes.
/// </summary>
internal sealed class RefusedConnections(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = nameof(RefusedConnections);

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(2);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.GetForwarderErrorFeature() is { } failure && failure.WasNeverSent())
        {
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? DefaultPause);
        }
    }
}

internal static class ForwarderFailures
{
    /// <summary>Whether the instance cannot have seen the request, because no connection to it was made.</summary>
    public static bool WasNeverSent(this IForwarderErrorFeature failure) => failure.Exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        // How SocketsHttpHandler says that connecting took too long; YARP's own timeout has no inner exception.
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };
}
