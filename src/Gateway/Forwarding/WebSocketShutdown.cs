using Microsoft.AspNetCore.Http.Features;

namespace Explaino.Gateway.Forwarding;

/// <summary>Graceful shutdown of WebSockets: ends them when the gateway stops, which would otherwise wait for them until its time is up; their clients connect anew.</summary>
internal sealed class WebSocketShutdown(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public Task InvokeAsync(HttpContext http) => IsSocket(http.Features) ? EndWithGatewayAsync(http) : next(http);

    private static bool IsSocket(IFeatureCollection features) =>
        features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    private async Task EndWithGatewayAsync(HttpContext http)
    {
        using var stopping = lifetime.ApplicationStopping.Register(http.Abort);
        await next(http);
    }
}
