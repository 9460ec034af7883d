using System.Net;
using System.Net.Sockets;

namespace Explaino.Gateway.Clients;

/// <summary>Whom an address stands for: in IPv6 one client can have all addresses of a /64, and one customer all networks of a /48 (RFC 6177).</summary>
internal static class ClientNetwork
{
    /// <summary>The address, or its /64 in IPv6.</summary>
    public static IPNetwork Of(HttpContext http) => AddressOf(http) is { AddressFamily: AddressFamily.InterNetworkV6 } address
        ? Network(address, 64)
        : new(AddressOf(http), 32);

    /// <summary>The /48 in IPv6; IPv4 has no such thing.</summary>
    public static IPNetwork? SiteOf(HttpContext http) => AddressOf(http) is { AddressFamily: AddressFamily.InterNetworkV6 } address ? Network(address, 48) : null;

    private static IPAddress AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static IPNetwork Network(IPAddress address, int prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[(prefix / 8)..].Clear();
        return new(new IPAddress(bytes), prefix);
    }
}
