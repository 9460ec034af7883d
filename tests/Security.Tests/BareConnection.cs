using System.Net.Sockets;
using System.Text;

namespace Explaino.Security.Tests;

/// <summary>A bare connection, for what no decent HTTP client would send.</summary>
internal sealed class BareConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private BareConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<BareConnection> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return new BareConnection(client);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Whether it could still be sent: false once the other side has had enough.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception e) when (IsCut(e))
        {
            return false;
        }
    }

    /// <summary>What has come within the time, and whether the other side has closed.</summary>
    public async Task<(string Text, bool Closed)> ReadAsync(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        var (buffer, text) = (new byte[16 * 1024], new MemoryStream());
        try
        {
            while (await _stream.ReadAsync(buffer, limit.Token) is > 0 and var count)
            {
                text.Write(buffer, 0, count);
            }

            return (Encoding.Latin1.GetString(text.ToArray()), true);
        }
        catch (OperationCanceledException)
        {
            return (Encoding.Latin1.GetString(text.ToArray()), false);
        }
        catch (Exception e) when (IsCut(e))
        {
            return (Encoding.Latin1.GetString(text.ToArray()), true);
        }
    }

    /// <summary>Up to this and nothing beyond it.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var (text, one) = (new StringBuilder(), new byte[1]);
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await _stream.ReadAsync(one) == 1)
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    public void Dispose() => _client.Dispose();

    private static bool IsCut(Exception e) => e is IOException or SocketException or ObjectDisposedException;
}
