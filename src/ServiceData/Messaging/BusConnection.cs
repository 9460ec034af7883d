using System.Net.Sockets;
using RabbitMQ.Client;

namespace Explaino.ServiceData.Messaging;

/// <summary>Bus connection: the one connection of the bus, for its publishers and consumers, which can be given up while it looks well.</summary>
/// <remarks>A broker whose connection lives may leave events unconfirmed on it: those of a queue whose leader was lost (RabbitMQ 3.10), or all on a node that fell silent since the last heartbeat.</remarks>
internal sealed class BusConnection(TimeProvider clock)
{
    // A broker that takes nothing from publishers for want of disk or memory would not on a new connection either.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private volatile ITcpClient? _socket;
    private long? _abortedAt;

    /// <summary>For RabbitMQ's client, as it connects.</summary>
    public ITcpClient OpenSocket(AddressFamily family) => _socket = ConnectionFactoryBase.DefaultSocketFactory(family);

    /// <summary>Ends the connection, upon which MassTransit makes another one, to the next node; at most twice a minute.</summary>
    /// <returns>Whether it was ended.</returns>
    public bool TryAbort()
    {
        lock (_lock)
        {
            if (_abortedAt is { } last && clock.GetElapsedTime(last) < Pause)
            {
                return false;
            }

            _abortedAt = clock.GetTimestamp();
        }

        _socket?.Close();
        return true;
    }
}
