using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Explaino.Gateway.Clients;

/// <summary>Whose X-Forwarded-* headers tell the client's address: only those of <c>ForwardedHeaders:KnownProxies</c> and <c>:KnownNetworks</c>.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = Known(app.Configuration, "KnownProxies");
        var networks = Known(app.Configuration, "KnownNetworks");

        // With nobody known, the framework's middleware would believe everybody.
        if (proxies.Length + networks.Length == 0)
        {
            RefuseUnknownProxy(app.Configuration);
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        Array.ForEach(proxies, proxy => options.KnownProxies.Add(IPAddress.Parse(proxy)));
        Array.ForEach(networks, network => options.KnownIPNetworks.Add(IPNetwork.Parse(network)));
        app.UseForwardedHeaders(options);
    }

    // Compose sets a variable that nobody set to the empty text.
    private static string[] Known(IConfiguration configuration, string which) =>
        [.. (configuration.GetSection($"ForwardedHeaders:{which}").Get<string[]>() ?? []).Where(entry => !string.IsNullOrWhiteSpace(entry))];

    /// <summary>TLS that ends elsewhere without a known proxy: all clients would share its address and its limits, and anybody could go round it.</summary>
    private static void RefuseUnknownProxy(IConfiguration configuration)
    {
        if (configuration["Authentication:Issuer"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new InvalidOperationException(
                "Authentication:Issuer is https, so TLS ends at a proxy: ForwardedHeaders:KnownNetworks:0 (in Compose PROXY_NETWORK) must say where its requests come from.");
        }
    }
}
