using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Explaino.Testing;

/// <summary>A TCP connection's way between two processes, which can be made slow, cut, swallow everything, lose answers, or lead nowhere.</summary>
public sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _ends = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Random _random = new(20);
    private volatile bool _silent;
    private volatile bool _away;
    private volatile int _connection;
    private volatile int _unanswered;
    private int _lost;

    public Wire(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start(512);
        _ = AcceptAsync();
    }

    /// <summary>Where the client's side begins.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections pass now.</summary>
    public int Connections => _ends.Count / 2;

    /// <summary>Added to everything that passes, in both directions.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// Which share of HTTP's answers is lost: the server has done the work, and in place of the first byte of its answer the connection ends. What follows the answer to
    /// a WebSocket's handshake is no answer.
    /// </summary>
    public double LostAnswers { get; set; }

    /// <summary>How many answers were lost.</summary>
    public int Lost => _lost;

    // A bare null would be the empty memory, by its conversion from an array.
    private static ReadOnlyMemory<byte>? Nothing => null;

    /// <summary>Ends every connection; new ones are possible.</summary>
    public void Cut()
    {
        foreach (var end in _ends.Keys)
        {
            Reset(end);
            Forget(end);
        }
    }

    /// <summary>As when the server is stopped: connections are reset, and new ones too, until <see cref="BringBack"/>.</summary>
    public void TakeAway()
    {
        _away = true;
        Cut();
    }

    public void BringBack() => _away = false;

    /// <summary>A partition: connections stay open, and nothing passes any more.</summary>
    public void FallSilent() => _silent = true;

    /// <summary>On the connections of now, nothing is answered any more but for AMQP's heartbeats, so that they look well; new ones work.</summary>
    public void LeaveUnanswered() => _unanswered = _connection;

    /// <summary>Ends the connections that lost bytes, so that nobody sees half a conversation.</summary>
    public void Heal()
    {
        _silent = false;
        Delay = TimeSpan.Zero;
        Cut();
    }

    /// <summary>Ends the way for good.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        if (_away)
        {
            Reset(near);
            return;
        }

        var far = new TcpClient();
        try
        {
            near.NoDelay = far.NoDelay = true;
            _ends[near] = _ends[far] = 0;
            await far.ConnectAsync(_host, _port);
            var (exchange, number) = (new Exchange(), Interlocked.Increment(ref _connection));
            await Task.WhenAny(
                PumpAsync(near.GetStream(), far.GetStream(), question => exchange.Ask() ? question : Nothing),
                PumpAsync(
                    far.GetStream(), near.GetStream(),
                    answer => exchange.BeginsAnswer(answer) && IsLost() ? Nothing : number > _unanswered ? answer : HeartbeatOf(answer)));
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Nobody listens there, or cut meanwhile.
        }

        Forget(near);
        Forget(far);
    }

    private static ReadOnlyMemory<byte> HeartbeatOf(ReadOnlyMemory<byte> answer) =>
        answer.Span.EndsWith<byte>([8, 0, 0, 0, 0, 0, 0, 0xCE]) ? answer[^8..] : ReadOnlyMemory<byte>.Empty;

    private bool IsLost()
    {
        if (LostAnswers == 0)
        {
            return false;
        }

        lock (_random)
        {
            var lost = _random.NextDouble() < LostAnswers;
            _lost += lost ? 1 : 0;
            return lost;
        }
    }

    /// <param name="from">What is read.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="filter">What of a piece may pass; if null, the connection ends.</param>
    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> filter)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                if (Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay);
                }

                if (filter(buffer.AsMemory(0, count)) is not { } passing)
                {
                    return;
                }

                if (!_silent)
                {
                    await to.WriteAsync(passing);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut, by whomever.
        }
    }

    /// <summary>Ends it as when the other machine has forgotten the connection.</summary>
    private static void Reset(TcpClient end)
    {
        try
        {
            // Null if it ended meanwhile.
            end.Client?.Close(timeout: 0);
        }
        catch (SocketException)
        {
            // Not connected yet, or not any more.
        }
    }

    private void Forget(TcpClient end)
    {
        _ends.TryRemove(end, out _);
        end.Dispose();
    }

    /// <summary>Whose turn it is on a connection of HTTP/1.1, on which one request follows the answer to another.</summary>
    private sealed class Exchange
    {
        private volatile bool _asked;
        private volatile bool _isSocket;

        public bool Ask() => _asked = true;

        /// <summary>Whether this is the first piece of an answer.</summary>
        public bool BeginsAnswer(ReadOnlyMemory<byte> bytes)
        {
            var begins = _asked && !_isSocket;
            _asked = false;
            _isSocket |= bytes.Span.StartsWith("HTTP/1.1 101"u8);
            return begins;
        }
    }
}
