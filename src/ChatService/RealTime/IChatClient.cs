using System.Text.Json.Serialization;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;

namespace Explaino.ChatService.RealTime;

/// <summary>What the server says to a connected client; see docs/chat-protocol.md.</summary>
public interface IChatClient
{
    Task MessageReceived(MessageResponse message);

    Task MessageUpdated(MessageResponse message);

    Task MessageDeleted(MessageResponse message);

    Task ConversationRead(ConversationRead read);

    Task Typing(Typing typing);

    Task PresenceChanged(PresenceChanged presence);

    Task GroupChanged(GroupResponse group);

    Task RemovedFromGroup(RemovedFromGroup removed);
}

/// <summary>A member has read up to a message.</summary>
public sealed record ConversationRead(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ChatId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? GroupId,
    Guid UserId,
    Guid MessageId);

/// <summary>A member is typing, or was a moment ago.</summary>
public sealed record Typing(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ChatId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? GroupId,
    Guid UserId);

/// <summary>Somebody one shares a conversation with came or went.</summary>
public sealed record PresenceChanged(Guid UserId, bool Online, DateTimeOffset? LastSeenAt);

/// <summary>One is no longer in a group, or it is gone.</summary>
public sealed record RemovedFromGroup(Guid GroupId);
