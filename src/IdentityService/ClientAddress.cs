using System.Net;
using System.Net.Sockets;

namespace Explaino.IdentityService;

/// <summary>Where a request came from, as the gateway says.</summary>
internal static class ClientAddress
{
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
}
