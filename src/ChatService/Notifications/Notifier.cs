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
