using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push.Providers;

/// <summary>HTTP clients for push providers: one for addresses that the operator set, one for addresses that clients named, which may be none of the inner network (SSRF).</summary>
internal sealed class ProviderHttp : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly PushSettings _settings;

    public ProviderHttp(IOptions<PushSettings> settings)
    {
        _settings = settings.Value;
        Trusted = new(Handler(new()));
        Untrusted = new(Handler(new() { UseProxy = false, ConnectCallback = ConnectOutsideAsync }));
    }

    public HttpClient Trusted { get; }

    /// <summary>Resolves once, and connects to what it has looked at: between the two a name cannot come to mean another address.</summary>
    public HttpClient Untrusted { get; }

    /// <summary>The provider is asked again later; when, it may say itself.</summary>
    public static ProviderAwayException Away(HttpResponseMessage response, string? reason = null) => new($"{(int)response.StatusCode} {reason}")
    {
        RetryAfter = response.Headers.RetryAfter is { Delta: { } delta } && delta > TimeSpan.Zero && delta < TimeSpan.FromHours(1) ? delta : null,
    };

    public void Dispose()
    {
        Trusted.Dispose();
        Untrusted.Dispose();
    }

    private SocketsHttpHandler Handler(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = ConnectTimeout;
        handler.EnableMultipleHttp2Connections = true;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(30);
        handler.MaxResponseHeadersLength = 32;
        if (_settings.TrustedCertificates is { } file)
        {
            var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            chain.CustomTrustStore.ImportFromPemFile(file);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = chain };
        }

        return handler;
    }

    private async ValueTask<Stream> ConnectOutsideAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (!_settings.AllowPrivateAddresses && (addresses.Length == 0 || !addresses.All(PublicAddress.Is)))
        {
            throw new InnerAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>An address that a client named leads into the inner network.</summary>
internal sealed class InnerAddressException() : IOException("The address is not one of the open internet.");

/// <summary>Addresses of the open internet: all but those of special purpose (RFC 6890).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    // What is assigned to the world; of it, those that wrap an address of the fourth version or are of special purpose.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotGlobal = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(network => IPNetwork.Parse(network))];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Is(address.MapToIPv4());
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Special, network => network.Contains(address))
            : Global.Contains(address) && !Array.Exists(NotGlobal, network => network.Contains(address));
    }
}
