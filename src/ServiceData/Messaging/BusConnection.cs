using System.Net.Sockets;
using RabbitMQ.Client;

namespace Explaino.ServiceData.Messaging;

/// <summary>Bus connection: the one connection of the bus, for its publishers and consumers, which is given up when publishers get no confirmation on it, however well it looks.</summary>
/// <remarks>A broker whose connection lives may refuse what is published on it, or say nothing of it, without end: when the leader of a queue was lost (RabbitMQ 3.10), or on a node that fell silent since the last heartbeat. On a new connection it takes the same.</remarks>
internal sealed class BusConnection(TimeProvider clock)
{
    /// <summary>How long the broker may take to confirm what was sent to it: longer than its nodes take to notice that one of them is gone, or the new connection would meet the same.</summary>
    public static readonly TimeSpan ConfirmLimit = TimeSpan.FromSeconds(7);

    // A broker that takes nothing from publishers for want of disk or memory would not on a new connection either.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private volatile ITcpClient? _socket;
    private long? _unconfirmedSince;
    private long? _abortedAt;

    /// <summary>For RabbitMQ's client, as it connects.</summary>
    public ITcpClient OpenSocket(AddressFamily family) => _socket = ConnectionFactoryBase.DefaultSocketFactory(family);

    /// <summary>Told of everything that was published. Once some of it has gone unconfirmed for as long as it may, it ends the connection, at most three times a minute; MassTransit makes another one, to the next node.</summary>
    /// <param name="began">When the publishing began, a timestamp of the clock.</param>
    /// <param name="isConfirmed">All that was sent was confirmed.</param>
    /// <returns>Whether it ended the connection.</returns>
    public bool EndIfUnconfirmed(long began, bool isConfirmed)
    {
        lock (_lock)
        {
            _unconfirmedSince = isConfirmed ? null : _unconfirmedSince ?? began;
            if (_unconfirmedSince is not { } since || clock.GetElapsedTime(since) < ConfirmLimit || (_abortedAt is { } last && clock.GetElapsedTime(last) < Pause))
            {
                return false;
            }

            (_unconfirmedSince, _abortedAt) = (null, clock.GetTimestamp());
        }

        _socket?.Close();
        return true;
    }
}
