using System.Diagnostics.Metrics;

namespace Explaino.ChatService.Hub;

/// <summary>What an operator watches; the framework counts connections and requests itself.</summary>
internal sealed class ChatMetrics
{
    public ChatMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Explaino.Chat");
        ConnectionsCut = meter.CreateCounter<long>("explaino.chat.connections.cut", description: "Connections ended because their client did not keep up.");
        CatchUps = meter.CreateCounter<long>("explaino.chat.catch_ups", description: "Times a connection read missed messages from the database.");
        NoticesDropped = meter.CreateCounter<long>(
            "explaino.chat.notices.dropped", description: "Notices to other instances that were given up because the broker was away or slow.");
    }

    public Counter<long> ConnectionsCut { get; }

    public Counter<long> CatchUps { get; }

    public Counter<long> NoticesDropped { get; }
}
