using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Explaino.Gateway.Tests;

public sealed class WebSocketTests(WebSocketTests.ImpatientGateway gateway) : IClassFixture<WebSocketTests.ImpatientGateway>
{
    private const string Secret = "secret-of-a-user";

    [Fact]
    public async Task A_socket_carries_messages_both_ways()
    {
        using var socket = await ConnectAsync();

        Assert.Equal("hello", await EchoAsync(socket, "hello"));

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.Equal(WebSocketState.Closed, socket.State);
        Assert.Contains($"GET /hubs/chat?access_token={Secret}", gateway["chat"].Requests);
    }

    [Fact]
    public async Task A_quiet_socket_stays_open()
    {
        using var socket = await ConnectAsync();

        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.Equal("still here", await EchoAsync(socket, "still here"));
    }

    [Fact]
    public async Task The_token_in_the_query_is_not_logged()
    {
        using var socket = await ConnectAsync();
        using var failed = await gateway.Client.GetAsync($"/hubs/chat?access_token={Secret}&do=die");

        Assert.Contains("did not answer a GET", gateway.Gateway.Log);
        Assert.DoesNotContain(Secret, gateway.Gateway.Log);
    }

    [Fact]
    public async Task An_open_socket_does_not_keep_the_gateway_from_stopping()
    {
        await using var own = new ImpatientGateway();
        await own.InitializeAsync();
        using var socket = await ConnectAsync(own);
        var started = Stopwatch.GetTimestamp();

        var exitCode = await own.Gateway.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[100];
        var message = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, message.Count);
    }

    private async Task<ClientWebSocket> ConnectAsync(GatewayFixture? other = null)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{(other ?? gateway).Address.Authority}/hubs/chat?access_token={Secret}"), CancellationToken.None);
        return socket;
    }

    /// <summary>Every answer must begin within a second, which sockets know nothing of.</summary>
    public sealed class ImpatientGateway() : GatewayFixture(
        ("ReverseProxy:Clusters:chat:HttpRequest:ActivityTimeout", "00:00:01"));
}
