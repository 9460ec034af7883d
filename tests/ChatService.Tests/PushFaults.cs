using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What somebody does all the time, and so whether their device may be told of messages.</summary>
internal enum Habit
{
    /// <summary>Reads now and then, on another device.</summary>
    Away,

    /// <summary>Has muted everything.</summary>
    Muted,

    /// <summary>This very device is connected.</summary>
    Connected,

    /// <summary>Reads everything at once, on another device.</summary>
    Reading,
}

/// <summary>A device of the push model.</summary>
/// <param name="Owner">In this device's session.</param>
/// <param name="Token">As its provider names it.</param>
/// <param name="Preview">How much it shows.</param>
/// <param name="Habit">Its owner's.</param>
internal sealed record ModelDevice(TestUser Owner, string Token, string Preview, Habit Habit);

/// <summary>What is unread to somebody in the end: the badge, and of each unread conversation the number of the latest message that is.</summary>
internal sealed record UnreadState(long Badge, IReadOnlyDictionary<Guid, long> Latest);

/// <summary>The checker of the push model: holds what the providers took against what people did, one line for each fault.</summary>
/// <param name="devices">All that are registered.</param>
/// <param name="latelyRead">Whose reading came too late, or may have: what a reading person may be told of after all.</param>
internal sealed class PushFaults(IReadOnlyCollection<ModelDevice> devices, IReadOnlySet<(Guid Person, Guid Conversation)> latelyRead)
{
    /// <summary>In what everybody writes, and so in no payload that nobody asked it for.</summary>
    public const string Content = "content";

    public List<string> In(IReadOnlyCollection<TakenPush> pushes, IReadOnlyDictionary<Guid, UnreadState> unread)
    {
        var byToken = pushes.ToLookup(push => push.Token);
        return
        [
            .. devices.SelectMany(device => byToken[device.Token].Select(push => FaultOf(device, push.Payload)).OfType<string>().Select(fault => $"{device.Habit} {device.Token}: {fault}")),
            .. devices.Where(device => device.Habit != Habit.Connected)
                .SelectMany(device => MissingOf(device, [.. byToken[device.Token]], unread[device.Owner.Id]).Select(fault => $"{device.Habit} {device.Token}: {fault}")),
        ];
    }

    public static Guid? ConversationOf(JsonObject payload) => (Guid?)(payload["chat_id"] ?? payload["group_id"]);

    private string? FaultOf(ModelDevice device, JsonObject payload)
    {
        var isMessage = (string?)payload["kind"] == "message";
        return device.Habit == Habit.Connected ? $"told although it is connected: {payload.ToJsonString()}"
            : isMessage && device.Habit == Habit.Muted ? "told of a muted conversation"
            : isMessage && device.Habit == Habit.Reading && !latelyRead.Contains((device.Owner.Id, ConversationOf(payload)!.Value)) ? "told of what was read"
            : device.Preview != "full" && payload.ToJsonString().Contains(Content, StringComparison.Ordinal) ? "told what was said"
            : device.Preview == "none" && payload["loc_args"]!.AsArray().Count > 0 ? "told who spoke"
            : null;
    }

    private static IEnumerable<string> MissingOf(ModelDevice device, IReadOnlyList<TakenPush> pushes, UnreadState unread)
    {
        var badge = pushes.Count == 0 ? 0 : (long)pushes[^1].Payload["badge"]!;
        if (badge != unread.Badge)
        {
            yield return $"its badge is {badge}, not {unread.Badge}";
        }

        if (device.Habit == Habit.Muted)
        {
            yield break;
        }

        foreach (var (conversation, latest) in unread.Latest)
        {
            var told = pushes.Where(push => ConversationOf(push.Payload) == conversation).Select(push => (long)push.Payload["seq"]!).DefaultIfEmpty().Max();
            if (told < latest)
            {
                yield return $"told of {conversation} up to {told}, not {latest}";
            }
        }
    }
}
