namespace Explaino.Client;

/// <summary>Somebody types; valid for five seconds.</summary>
public sealed record Typing(Guid? ChatId, Guid? GroupId, Guid UserId);

/// <summary>Somebody one shares a conversation with came or went.</summary>
public sealed record Presence(Guid UserId, bool Online, DateTimeOffset? LastSeenAt);

/// <summary>A conversation by its name.</summary>
internal sealed record Named(Guid? ChatId, Guid? GroupId);

/// <summary>What <c>SendMessage</c> takes.</summary>
internal sealed record HubMessage(Guid? ChatId, Guid? GroupId, string Content, Guid? ClientMessageId);

internal sealed record GroupNamed(Guid GroupId);
