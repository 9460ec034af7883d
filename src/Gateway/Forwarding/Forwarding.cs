using System.Text;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Explaino.Gateway.Forwarding;

/// <summary>The way from a client to a service: routes and clusters are in appsettings.json, how they behave is here.</summary>
internal static class Forwarding
{
    /// <summary>A byte for a character: headers pass as they are, whatever encoding they were meant in (RFC 9110 section 5.5).</summary>
    private static readonly Encoding Opaque = Encoding.Latin1;
    private static readonly Encoding OfConnection = new ConnectionHeaderEncoding();

    public static void AddForwarding(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<ClusterDefaults>()
            .AddServiceDiscoveryDestinationResolver()
            .AddTransforms(Guard)
            .ConfigureHttpClient((_, handler) =>
            {
                handler.ConnectTimeout = TimeSpan.FromSeconds(2);
                // Names are resolved again, and instances that came later get their share.
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                // Below Kestrel's 130 s, so that a connection is not reused at the moment the service closes it.
                handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60);
                handler.RequestHeaderEncodingSelector = (_, _) => Opaque;
                handler.ResponseHeaderEncodingSelector = (_, _) => Opaque;
            });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.RequestHeaderEncodingSelector = name => name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase) ? OfConnection : Opaque;
            kestrel.ResponseHeaderEncodingSelector = _ => Opaque;
        });
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnections>();
        builder.Services.Configure<ConsecutiveFailuresHealthPolicyOptions>(probes => probes.DefaultThreshold = 2);
    }

    public static void MapForwarding(this WebApplication app) =>
        app.MapReverseProxy(proxy =>
        {
            proxy.UseHopByHop();
            proxy.UseMiddleware<BodyLimit>();
            proxy.UseMiddleware<WebSocketShutdown>();
            proxy.UseMiddleware<Failover>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });

    private static void Guard(TransformBuilderContext transforms)
    {
        // X-Forwarded-For, -Proto, -Host and -Prefix are replaced by YARP itself.
        transforms.AddHopByHop();
        transforms.AddRequestHeaderRemove("Forwarded");
        transforms.AddResponseHeaderRemove("Server", ResponseCondition.Always);

        // SocketsHttpHandler repeats a request that has no content when a reused connection ends without an answer, be it even a POST.
        transforms.AddRequestTransform(request =>
        {
            if (request.ProxyRequest.Content is null && !Failover.IsIdempotent(request.ProxyRequest.Method.Method))
            {
                request.ProxyRequest.Content = new ByteArrayContent([]);
            }

            return ValueTask.CompletedTask;
        });
    }
}
