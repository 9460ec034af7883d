using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Explaino.Gateway.Forwarding;

/// <summary>Cluster defaults: what a cluster of appsettings.json does not say about itself is the same for all. Service discovery resolves their instances.</summary>
internal sealed class ClusterDefaults(IConfiguration configuration) : IProxyConfigFilter
{
    private readonly HealthCheckConfig _health = new()
    {
        // When nobody is well, everybody is asked: the service's own answer says more than ours could.
        AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        Active = new ActiveHealthCheckConfig
        {
            Enabled = true,
            Path = "/health",
            Interval = configuration.GetValue("Forwarding:ProbeInterval", TimeSpan.FromSeconds(2)),
            Timeout = TimeSpan.FromSeconds(2),
            Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
        },
        Passive = new PassiveHealthCheckConfig
        {
            Enabled = true,
            Policy = RefusedConnections.PolicyName,
            ReactivationPeriod = TimeSpan.FromSeconds(2),
        },
    };

    private static readonly ForwarderRequestConfig Request = new()
    {
        ActivityTimeout = TimeSpan.FromSeconds(30),
        Version = System.Net.HttpVersion.Version11,
    };

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
        ValueTask.FromResult(cluster with
        {
            LoadBalancingPolicy = cluster.LoadBalancingPolicy ?? LoadBalancingPolicies.PowerOfTwoChoices,
            HealthCheck = cluster.HealthCheck ?? _health,
            HttpRequest = cluster.HttpRequest ?? Request,
        });

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
        ValueTask.FromResult(route);
}
