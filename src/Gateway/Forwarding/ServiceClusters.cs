using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Explaino.Gateway.Forwarding;

/// <summary>
/// Completes the clusters of appsettings.json: their instances come from <c>services:&lt;name&gt;:http:N</c>, as Aspire injects them, and what a
/// cluster does not say about itself is the same for all. Runs again whenever the configuration changes.
/// </summary>
internal sealed class ServiceClusters(IConfiguration configuration) : IProxyConfigFilter
{
    /// <summary>The metadata of a cluster that is not named after its service.</summary>
    private const string ServiceMetadata = "Service";

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

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var service = cluster.Metadata?.GetValueOrDefault(ServiceMetadata) ?? cluster.ClusterId;
        return ValueTask.FromResult(cluster with
        {
            Destinations = Instances(service),
            LoadBalancingPolicy = cluster.LoadBalancingPolicy ?? LoadBalancingPolicies.PowerOfTwoChoices,
            HealthCheck = cluster.HealthCheck ?? _health,
            HttpRequest = cluster.HttpRequest ?? Request,
        });
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
        ValueTask.FromResult(route);

    private Dictionary<string, DestinationConfig> Instances(string service)
    {
        var instances = configuration.GetSection($"services:{service}:http").GetChildren()
            .Where(instance => !string.IsNullOrWhiteSpace(instance.Value))
            .ToDictionary(instance => $"{service}-{instance.Key}", instance => new DestinationConfig { Address = instance.Value! });

        // Compose and Kubernetes resolve a service's bare name.
        return instances.Count > 0 ? instances : new() { [service] = new DestinationConfig { Address = $"http://{service}" } };
    }
}
