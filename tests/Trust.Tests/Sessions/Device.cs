using System.Net.WebSockets;
using System.Text;

namespace Explaino.Trust.Tests.Sessions;

/// <summary>A live connection to the chat hub, which only listens and notices its end.</summary>
internal sealed class Device : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>Ends when the server, or the network, ends the connection.</summary>
    public Task Closed { get; private set; } = null!;

    public static async Task<Device> ConnectAsync(Uri gateway, string token)
    {
        var device = new Device();
        var address = new UriBuilder(new Uri(gateway, $"/hubs/chat?access_token={token}")) { Scheme = "ws" };
        await device._socket.ConnectAsync(address.Uri, CancellationToken.None);
        await device._socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await device._socket.ReceiveAsync(new byte[1024], CancellationToken.None);
        device.Closed = device.ListenAsync();
        return device;
    }

    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while ((await _socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // What it is told does not matter here.
            }
        }
        catch (WebSocketException)
        {
            // Cut without a farewell.
        }
    }
}
