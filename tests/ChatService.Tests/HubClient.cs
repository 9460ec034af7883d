using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Explaino.ChatService.Tests;

/// <summary>What a hub method refused with: <c>code: sentence</c>.</summary>
public sealed class HubRefusedException(string message) : Exception(message);

/// <summary>A device: speaks SignalR's JSON protocol over a WebSocket, and keeps all it is told in the order in which it comes.</summary>
public sealed class HubClient : IAsyncDisposable
{
    private const byte End = 0x1e;

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode?>> _pending = new();
    private readonly Channel<(string Target, JsonObject Argument)> _told = Channel.CreateUnbounded<(string, JsonObject)>();
    private readonly List<(string Target, JsonObject Argument)> _passedOver = [];
    private readonly SemaphoreSlim _sending = new(1, 1);
    private int _invocations;

    /// <summary>Ends when the connection does; tells whether the server said not to come back by oneself.</summary>
    public Task<bool> Closed { get; private set; } = null!;

    public static async Task<HubClient> ConnectAsync(Uri address, string token, string query = "")
    {
        var client = new HubClient();
        var socket = new UriBuilder(new Uri(address, $"/hubs/chat?access_token={token}{query}")) { Scheme = "ws" };
        await client._socket.ConnectAsync(socket.Uri, CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        client.Closed = client.ReceiveAsync();
        return client;
    }

    public Task<JsonNode?> InvokeAsync(string target, object? argument) => InvokeRawAsync(target, JsonSerializer.Serialize(argument));

    /// <param name="target">The method.</param>
    /// <param name="argument">As it goes over the wire, right or wrong.</param>
    public async Task<JsonNode?> InvokeRawAsync(string target, string argument)
    {
        var id = Interlocked.Increment(ref _invocations).ToString();
        var answer = _pending[id] = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":[{{argument}}]}""");
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    /// <summary>The next thing told under this name that fits; what comes before it is kept for later.</summary>
    public async Task<JsonObject> ExpectAsync(string target, Func<JsonObject, bool>? fits = null, TimeSpan? timeout = null)
    {
        bool Wanted((string Target, JsonObject Argument) told) => told.Target == target && (fits is null || fits(told.Argument));

        var index = _passedOver.FindIndex(told => Wanted(told));
        if (index >= 0)
        {
            var found = _passedOver[index].Argument;
            _passedOver.RemoveAt(index);
            return found;
        }

        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(10));
        try
        {
            while (true)
            {
                var told = await _told.Reader.ReadAsync(limit.Token);
                if (Wanted(told))
                {
                    return told.Argument;
                }

                _passedOver.Add(told);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{target} did not come; what came: {string.Join(", ", _passedOver.Select(told => $"{told.Target} {told.Argument.ToJsonString()}"))}");
        }
    }

    /// <summary>All that has been told so far and nobody expected yet.</summary>
    public IReadOnlyList<(string Target, JsonObject Argument)> SoFar()
    {
        while (_told.Reader.TryRead(out var told))
        {
            _passedOver.Add(told);
        }

        return _passedOver;
    }

    /// <summary>Reads what is told as a stream, until the connection ends.</summary>
    public IAsyncEnumerable<(string Target, JsonObject Argument)> AllAsync() => _told.Reader.ReadAllAsync();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await Closed;
        _socket.Dispose();
        _sending.Dispose();
    }

    public async Task SendAsync(string message)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(message), End], WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        var forGood = false;
        var buffer = new byte[16 * 1024];
        using var partial = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var rest = buffer.AsMemory(0, part.Count);
                for (var end = rest.Span.IndexOf(End); end >= 0; end = rest.Span.IndexOf(End))
                {
                    partial.Write(rest.Span[..end]);
                    rest = rest[(end + 1)..];
                    var message = JsonNode.Parse(partial.ToArray())!.AsObject();
                    partial.SetLength(0);
                    forGood |= await TakeAsync(message);
                }

                partial.Write(rest.Span);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, by either side.
        }

        _told.Writer.TryComplete();
        foreach (var pending in _pending.Values)
        {
            pending.TrySetException(new IOException("The connection ended."));
        }

        return forGood;
    }

    private async Task<bool> TakeAsync(JsonObject message)
    {
        switch ((int?)message["type"])
        {
            case 1:
                _told.Writer.TryWrite(((string)message["target"]!, message["arguments"]![0]!.DeepClone().AsObject()));
                break;
            case 3 when _pending.TryRemove((string)message["invocationId"]!, out var pending):
                if (message["error"] is { } error)
                {
                    pending.TrySetException(new HubRefusedException(((string)error!).Split("HubException: ")[^1]));
                }
                else
                {
                    pending.TrySetResult(message["result"]?.DeepClone());
                }

                break;
            case 6:
                await SendAsync("""{"type":6}""");
                break;
            case 7:
                return (bool?)message["allowReconnect"] != true;
            default:
                break;
        }

        return false;
    }
}
