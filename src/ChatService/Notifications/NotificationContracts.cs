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

/// <summary>Who came, went, or got another role in a group.</summary>
public sealed record GroupChanges(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, IReadOnlyList<Guid> RoleChanged);

/// <summary>A group changed, in few words, for a client that connected with <c>lean=true</c>; the lists are null where more may have changed than this.</summary>
public sealed record LeanGroupChanged(
    Guid GroupId, string Revision, int ParticipantCount, IReadOnlyList<Guid>? Joined, IReadOnlyList<Guid>? Left, IReadOnlyList<Guid>? RoleChanged);

/// <summary>One is no longer in a group, or it is gone.</summary>
public sealed record RemovedFromGroup(Guid GroupId);
