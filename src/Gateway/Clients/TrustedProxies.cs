using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Explaino.Gateway.Clients;

/// <summary>Whose X-Forwarded-* headers tell the client's address: only those of <c>ForwardedHeaders:KnownProxies</c> and <c>:KnownNetworks</c>.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Configuration.GetSection("ForwardedHeaders:KnownProxies").Get<string[]>() ?? [];
        var networks = app.Configuration.GetSection("ForwardedHeaders:KnownNetworks").Get<string[]>() ?? [];

        // With nobody known, the framework's middleware would believe everybody.
        if (proxies.Length + networks.Length == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        Array.ForEach(proxies, proxy => options.KnownProxies.Add(IPAddress.Parse(proxy)));
        Array.ForEach(networks, network => options.KnownIPNetworks.Add(IPNetwork.Parse(network)));
        app.UseForwardedHeaders(options);
    }
}
