namespace Explaino.ChatService.Notifications;

/// <summary>Notifier: tells connected devices, those of this instance from memory, those of others through the backplane. Never waits, never fails.</summary>
internal sealed class Notifier(IEnumerable<INotificationChannel> channels, ResyncRequests resyncs)
{
    public void Notify(Notification notification, IReadOnlyCollection<Guid> userIds)
    {
        foreach (var channel in channels)
        {
            channel.Send(notification, userIds);
        }
    }

    /// <summary>Makes every connection of every instance compare with the database, soon.</summary>
    public void RequestResync()
    {
        resyncs.RequestHere();
        resyncs.RequestElsewhere();
    }
}

/// <summary>A way to connected devices.</summary>
internal interface INotificationChannel
{
    void Send(Notification notification, IReadOnlyCollection<Guid> userIds);
}

/// <summary>Users of this instance who are told something: by a connected device, or by a request that waits.</summary>
internal interface IListeners : INotificationChannel
{
    IEnumerable<Guid> Users { get; }

    bool Has(Guid userId);

    void SendToAll(Notification notification);
}

/// <summary>All listeners of this instance, of whatever kind.</summary>
internal sealed class Listeners(IEnumerable<IListeners> kinds) : INotificationChannel
{
    public IEnumerable<Guid> Users => kinds.SelectMany(kind => kind.Users).Distinct();

    public bool Has(Guid userId) => kinds.Any(kind => kind.Has(userId));

    public void Send(Notification notification, IReadOnlyCollection<Guid> userIds)
    {
        foreach (var kind in kinds)
        {
            kind.Send(notification, userIds);
        }
    }

    public void SendToAll(Notification notification)
    {
        foreach (var kind in kinds)
        {
            kind.SendToAll(notification);
        }
    }
}

/// <summary>Resync requests, kept until the backplane's timer passes them on: however many there are, connections look at most twice a second.</summary>
internal sealed class ResyncRequests
{
    private int _here;
    private int _elsewhere;

    public void RequestHere() => Volatile.Write(ref _here, 1);

    public void RequestElsewhere() => Volatile.Write(ref _elsewhere, 1);

    public bool TakeHere() => Interlocked.Exchange(ref _here, 0) == 1;

    public bool TakeElsewhere() => Interlocked.Exchange(ref _elsewhere, 0) == 1;
}
