using System.Net.Sockets;
using RabbitMQ.Client;

namespace Explaino.ServiceData.Messaging;

/// <summary>Bus connection: the one connection of the bus, for its publishers and consumers, which is given up when publishers get no confirmation on it, however well it looks.</summary>
/// <remarks>A broker whose connection lives may refuse what is published on it, or say nothing of it, without end: when the leader of a queue was lost (RabbitMQ 3.10), or on a node that fell silent since the last heartbeat. On a new connection it takes the same.</remarks>
internal sealed class BusConnection(TimeProvider clock)
{
    /// <summary>How long the broker may take to confirm what was sent to it: longer than its nodes need to miss one of them (<c>net_ticktime</c>, docs/operations.md).</summary>
    public static readonly TimeSpan ConfirmLimit = TimeSpan.FromSeconds(4);

    // A broker that takes nothing from publishers for want of disk or memory would not on a new connection either.
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(40);

    private readonly Lock _lock = new();
    private volatile ITcpClient? _socket;
    private long? _unconfirmedSince;
    private TimeSpan _patience = ConfirmLimit;

    /// <summary>For RabbitMQ's client, as it connects.</summary>
    public ITcpClient OpenSocket(AddressFamily family)
    {
        lock (_lock)
        {
            _unconfirmedSince = null;
        }

        return _socket = ConnectionFactoryBase.DefaultSocketFactory(family);
    }

    /// <summary>Told that all of a batch was confirmed.</summary>
    public void Confirmed()
    {
        lock (_lock)
        {
            (_unconfirmedSince, _patience) = (null, ConfirmLimit);
        }
    }

    /// <summary>
    /// Told that some of a batch was sent and not confirmed. Once that has been so for as long as it may, it ends the connection, and MassTransit makes another one, to the next
    /// node. That has twice the time: it may have been made before the nodes had missed the one that is gone, and meets the same then.
    /// </summary>
    /// <param name="began">When the batch began to be sent, a timestamp of the clock.</param>
    /// <returns>Whether it ended the connection.</returns>
    public bool EndIfUnconfirmed(long began)
    {
        lock (_lock)
        {
            _unconfirmedSince ??= began;
            if (clock.GetElapsedTime(_unconfirmedSince.Value) < _patience)
            {
                return false;
            }

            _unconfirmedSince = null;
            _patience = TimeSpan.FromTicks(Math.Min(_patience.Ticks * 2, LongestPatience.Ticks));
        }

        _socket?.Close();
        return true;
    }
}
