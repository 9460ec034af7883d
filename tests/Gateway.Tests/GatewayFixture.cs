using System.Net;
using System.Net.Sockets;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>The real gateway as a process, before one instance of each service; a class fixture.</summary>
public class GatewayFixture : IAsyncLifetime
{
    private protected const string IssuerAddress = "{issuer}";

    private static readonly string[] Names = [.. Service.WithDatabase.Select(service => service.Name)];

    private readonly (string Key, string Value)[] _settings;
    private readonly Dictionary<string, Upstream> _upstreams = [];
    private ServiceProcess? _gateway;
    private KeyIssuer? _issuer;

    public GatewayFixture() => _settings = [];

    /// <summary>With settings of its own; a value of <see cref="IssuerAddress"/> is that of the issuer of tokens.</summary>
    private protected GatewayFixture(params (string Key, string Value)[] settings) => _settings = settings;

    public HttpClient Client => Gateway.Client;

    public Uri Address => Gateway.Address;

    internal ServiceProcess Gateway => _gateway ?? throw new InvalidOperationException("The gateway is not started.");

    internal Upstream this[string service] => _upstreams[service];

    public async ValueTask InitializeAsync()
    {
        _issuer = await KeyIssuer.StartAsync();
        foreach (var name in Names)
        {
            _upstreams[name] = await Upstream.StartAsync(name);
        }

        var values = Names.ToDictionary(name => $"services:{name}:http:0", name => (string?)_upstreams[name].Address);
        values["Authentication:Issuer"] = _issuer.Address;
        foreach (var (key, value) in _settings)
        {
            values[key] = value == IssuerAddress ? _issuer.Address : value;
        }

        _gateway = await ServiceProcess.StartAsync(Service.Gateway, values);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var upstream in _upstreams.Values)
        {
            await upstream.DisposeAsync();
        }

        if (_issuer is not null)
        {
            await _issuer.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A client at this address: all of 127.0.0.0/8 is this machine.</summary>
    public HttpClient From(string address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = Address,
    };

    public string TokenOf(TestUser user) => _issuer!.Issue(user);

    internal static HttpRequestMessage Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }
}
