using System.Net;
using System.Net.Sockets;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceDefaults.Http;

/// <summary>Where a request came from, as the gateway says; for services that keep it.</summary>
public static class ClientAddress
{
    public const int MaximumUserAgentLength = 500;

    private static readonly string[] PrivateNetworks = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

    /// <summary>The gateway, and nobody else, says who the client is: it comes from a private network, like any proxy in front of it.</summary>
    public static WebApplicationBuilder AddClientAddress(this WebApplicationBuilder builder)
    {
        var networks = builder.Configuration.GetSection("ForwardedHeaders:KnownNetworks").Get<string[]>() ?? PrivateNetworks;
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            Array.ForEach(networks, network => forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network)));
        });
        return builder;
    }

    public static IPAddress? Of(HttpContext http) =>
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;

    /// <summary>The address or, in IPv6, its /64: one client can have all addresses of that.</summary>
    public static IPAddress? NetworkOf(HttpContext http)
    {
        if (Of(http) is not { AddressFamily: AddressFamily.InterNetworkV6 } address)
        {
            return Of(http);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>What the client calls itself, as far as it is text; null if it does not.</summary>
    public static string? UserAgentOf(HttpContext http)
    {
        var text = string.Concat(http.Request.Headers.UserAgent.ToString().Where(character => !char.IsControl(character)));
        return text.Length == 0 ? null : text.Shortened(MaximumUserAgentLength);
    }
}
