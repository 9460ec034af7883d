using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Explaino.Bench.Load;

/// <summary>
/// A device at the chat hub that speaks just enough of SignalR's JSON protocol: it counts what it is given, and reads from each message when it was sent.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const byte EndOfRecord = 0x1e;
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _length;

    public List<double> Delays { get; } = new(4096);

    public int Refusals { get; private set; }

    /// <param name="address">Of the gateway, or of one instance.</param>
    /// <param name="token">Its person's.</param>
    public async Task ConnectAsync(Uri address, string token)
    {
        await _socket.ConnectAsync(new UriBuilder(new Uri(address, $"/hubs/chat?access_token={token}")) { Scheme = "ws" }.Uri, CancellationToken.None);
        await SendAsync("""{"protocol":"json","version":1}""");
        await ReceiveAsync();
        _length = 0;
        _ = ReadAsync();
    }

    /// <summary>The content is the moment of sending, by the clock that all devices of this process share.</summary>
    public Task SayAsync(Guid group) => SendAsync(
        $$"""{"type":1,"invocationId":"1","target":"SendMessage","arguments":[{"group_id":"{{group}}","content":"@{{Stopwatch.GetTimestamp()}}@"}]}""");

    public void Dispose() => _socket.Abort();

    private Task SendAsync(string record) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(record + (char)EndOfRecord), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task ReadAsync()
    {
        try
        {
            while (await ReceiveAsync())
            {
                TakeRecords();
            }
        }
        catch (WebSocketException)
        {
            // Ended with the figure.
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(_length), CancellationToken.None);
        _length += received.Count;
        return received.MessageType != WebSocketMessageType.Close;
    }

    private void TakeRecords()
    {
        var rest = _buffer.AsSpan(0, _length);
        while (rest.IndexOf(EndOfRecord) is >= 0 and var end)
        {
            Take(rest[..end]);
            rest = rest[(end + 1)..];
        }

        rest.CopyTo(_buffer);
        _length = rest.Length;
    }

    private void Take(ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"MessageReceived\""u8) >= 0 && record.IndexOf((byte)'@') is >= 0 and var at)
        {
            var text = record[(at + 1)..];
            lock (Delays)
            {
                Delays.Add(Stopwatch.GetElapsedTime(long.Parse(text[..text.IndexOf((byte)'@')], null)).TotalMilliseconds);
            }
        }
        else if (record.IndexOf("\"error\""u8) >= 0)
        {
            Refusals++;
        }
    }
}
