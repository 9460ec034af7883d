namespace Explaino.ChatService.RealTime;

/// <summary>Tells connected devices: those of this instance from memory, those of others through the broker. Never waits, never fails.</summary>
internal sealed class Noticeboard(Connections connections, BrokerLink others)
{
    public void Post(Notice notice, IReadOnlyCollection<Guid> userIds)
    {
        connections.Post(notice, userIds);
        others.Post(notice, userIds);
    }

    /// <summary>Makes every connection of every instance look for itself, soon.</summary>
    public void SomethingMayBeMissing() => others.SomethingMayBeMissing();
}
