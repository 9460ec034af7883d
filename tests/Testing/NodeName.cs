using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Explaino.Testing;

/// <summary>Erlang node name: keeps one registered with another node's epmd, at a port of our choice, so that the way to its node leads through a <see cref="Wire"/>.</summary>
internal sealed class NodeName : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();

    public NodeName(string name, int port, int epmdPort) => _ = KeepAsync(Registration(name, port), epmdPort, _end.Token);

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    /// <summary>A name is known as long as the connection that registered it; epmd is started anew with its node.</summary>
    private static async Task KeepAsync(byte[] registration, int epmdPort, CancellationToken end)
    {
        var answer = new byte[16];
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var epmd = new TcpClient();
                await epmd.ConnectAsync(IPAddress.Loopback, epmdPort, end);
                await epmd.GetStream().WriteAsync(registration, end);
                while (await epmd.GetStream().ReadAsync(answer, end) > 0)
                {
                }
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // Not there now, or disposed.
            }

            await Task.Delay(Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>ALIVE2_REQ of Erlang's distribution protocol: an ordinary node over TCP, of the versions 5 to 6 of the handshake.</summary>
    private static byte[] Registration(string name, int port)
    {
        byte[] request = [0, 0, 120, 0, 0, 77, 0, 0, 6, 0, 5, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request, (ushort)(request.Length - 2));
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(3), (ushort)port);
        return request;
    }
}
