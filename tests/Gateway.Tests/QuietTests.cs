using System.Net.WebSockets;
using System.Text;

namespace Explaino.Gateway.Tests;

/// <summary>What clients do every day is no error: the log's errors are for what somebody must look at.</summary>
public sealed class QuietTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("a client goes without a word")]
    [InlineData("a client says goodbye")]
    [InlineData("a download is broken off")]
    [InlineData("an upload is broken off")]
    [InlineData("a service goes without a word")]
    [InlineData("a service dies over an answer")]
    [InlineData("a client does not wait")]
    public async Task Nothing_is_logged_as_an_error_when(string what)
    {
        var before = gateway.Gateway.Log.Length;
        for (var time = 0; time < 3; time++)
        {
            await HappensAsync(what);
        }

        // What is logged late is logged before the answer to a later call.
        await Task.Delay(500);
        using var later = await gateway.Client.GetAsync("/api/jobs");
        Assert.DoesNotContain(gateway.Gateway.Log[before..].Split('\n'), line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal)
            || line.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase));
    }

    private async Task HappensAsync(string what)
    {
        using var client = gateway.From("127.0.0.1");
        switch (what)
        {
            case "a client goes without a word":
                using (var socket = await ConnectAsync(""))
                {
                    await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, CancellationToken.None);
                    socket.Abort();
                }

                break;
            case "a client says goodbye":
                using (var socket = await ConnectAsync(""))
                {
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                }

                break;
            case "a service goes without a word":
                using (var socket = await ConnectAsync("&do=drop"))
                {
                    await socket.ReceiveAsync(new byte[100], CancellationToken.None);
                    await Assert.ThrowsAnyAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[100], CancellationToken.None));
                }

                break;
            case "a download is broken off":
                using (var response = await client.GetAsync("/api/jobs?do=pour", HttpCompletionOption.ResponseHeadersRead))
                {
                    await using var stream = await response.Content.ReadAsStreamAsync();
                    await stream.ReadExactlyAsync(new byte[100_000]);
                }

                break;
            case "a service dies over an answer":
                Assert.NotNull(await Record.ExceptionAsync(async () => (await client.GetAsync("/api/jobs?do=break-late")).EnsureSuccessStatusCode()));
                break;
            case "an upload is broken off":
                using (var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300)))
                {
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PostAsync("/api/jobs", new StreamContent(new Endless()), limit.Token));
                }

                break;
            default:
                using (var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300)))
                {
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("/api/jobs?do=wait", limit.Token));
                }

                break;
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(string query)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{gateway.Address.Authority}/hubs/chat?id=1{query}"), CancellationToken.None);
        return socket;
    }

    /// <summary>A body that begins, and goes on slowly.</summary>
    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(50, cancellationToken);
            return Math.Min(buffer.Length, 100);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            while (true)
            {
                await destination.WriteAsync(new byte[100], cancellationToken);
                await destination.FlushAsync(cancellationToken);
                await Task.Delay(50, cancellationToken);
            }
        }
    }
}
