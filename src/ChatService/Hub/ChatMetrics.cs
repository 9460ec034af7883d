using System.Diagnostics.Metrics;

namespace Explaino.ChatService.Hub;

/// <summary>What an operator watches; the framework counts connections and requests itself.</summary>
internal static class ChatMetrics
{
    private static readonly Meter Meter = new("Explaino.Chat");

    public static readonly Counter<long> ConnectionsCut = Meter.CreateCounter<long>(
        "explaino.chat.connections.cut", description: "Connections ended because their client did not keep up.");

    public static readonly Counter<long> CatchUps = Meter.CreateCounter<long>(
        "explaino.chat.catch_ups", description: "Times a connection read missed messages from the database.");

    public static readonly Counter<long> NoticesDropped = Meter.CreateCounter<long>(
        "explaino.chat.notices.dropped", description: "Notices to other instances that were given up because the broker was away or slow.");
}
