using System.Net;
using System.Net.WebSockets;
using Explaino.Testing;

namespace Explaino.Security.Tests.Tokens;

/// <summary>Entry point: a place where a token is shown; gives the status it earns.</summary>
public sealed record EntryPoint(string Name, Func<string, Task<int>> ShowAsync)
{
    private static readonly Dictionary<Service, string> Paths = new()
    {
        [Service.Identity] = "/api/users/me",
        [Service.Wallet] = "/api/wallet",
        [Service.Profile] = "/api/profiles",
        [Service.Jobs] = "/api/jobs",
        [Service.Chat] = "/api/chats",
    };

    /// <summary>Each service by itself and through the gateway, and the hub both ways.</summary>
    public static IReadOnlyList<EntryPoint> Of(ExplainoSystem system) =>
    [
        .. Paths.Select(path => Bearer(path.Key.Name, system[path.Key].Client, path.Value)),
        .. Paths.Select(path => Bearer($"{path.Key.Name} through the gateway", system.Gateway, path.Value)),
        Hub("the hub", system[Service.Chat].Address),
        Hub("the hub through the gateway", system[Service.Gateway].Address),
    ];

    public static EntryPoint Bearer(string name, HttpClient client, string path) => new(name, token => AskAsync(client, path, $"Bearer {token}"));

    /// <summary>With exactly these <c>Authorization</c> headers.</summary>
    public static async Task<int> AskAsync(HttpClient client, string path, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", headers);
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    // In the query, as browsers must.
    private static EntryPoint Hub(string name, Uri address) => new(name, async token =>
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var target = new UriBuilder(new Uri(address, $"/hubs/chat?access_token={Uri.EscapeDataString(token)}")) { Scheme = "ws" };
        try
        {
            await socket.ConnectAsync(target.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return socket.State == WebSocketState.Open ? (int)HttpStatusCode.OK : (int)socket.HttpStatusCode;
    });
}
