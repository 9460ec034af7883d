using System.Text.Json.Serialization;

namespace Explaino.ChatService.Notifications;

/// <summary>A member has read up to a message.</summary>
public sealed record ConversationRead(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ChatId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? GroupId,
    Guid UserId,
    Guid MessageId,
    long Seq);

/// <summary>A member is typing, or was a moment ago.</summary>
public sealed record Typing(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ChatId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? GroupId,
    Guid UserId);

/// <summary>Somebody one shares a conversation with came or went.</summary>
public sealed record PresenceChanged(Guid UserId, bool Online, DateTimeOffset? LastSeenAt);

/// <summary>One is no longer in a group, or it is gone.</summary>
public sealed record RemovedFromGroup(Guid GroupId);
