using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Explaino.Testing;

/// <summary>A TCP connection's way between two processes, which can be made slow, cut, swallow everything, or lead nowhere.</summary>
public sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _ends = new();
    private readonly string _host;
    private readonly int _port;
    private volatile bool _silent;
    private volatile bool _away;

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

    /// <summary>Ends every connection; new ones are possible.</summary>
    public void Cut()
    {
        foreach (var end in _ends.Keys)
        {
            // With a reset, as when the other machine has forgotten the connection; null if it ended meanwhile.
            end.Client?.Close(timeout: 0);
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
            near.Client.Close(timeout: 0);
            return;
        }

        var far = new TcpClient();
        try
        {
            near.NoDelay = far.NoDelay = true;
            _ends[near] = _ends[far] = 0;
            await far.ConnectAsync(_host, _port);
            await Task.WhenAny(PumpAsync(near.GetStream(), far.GetStream()), PumpAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Nobody listens there, or cut meanwhile.
        }

        Forget(near);
        Forget(far);
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
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

                if (!_silent)
                {
                    await to.WriteAsync(buffer.AsMemory(0, count));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut, by whomever.
        }
    }

    private void Forget(TcpClient end)
    {
        _ends.TryRemove(end, out _);
        end.Dispose();
    }
}
