namespace Explaino.ChatService.Conversations;

/// <summary>A chat of two or a group: where something is said.</summary>
internal readonly record struct Conversation(ConversationKind Kind, Guid Id)
{
    public static Conversation Chat(Guid id) => new(ConversationKind.Chat, id);

    public static Conversation Group(Guid id) => new(ConversationKind.Group, id);

    public Guid? ChatId => Kind == ConversationKind.Chat ? Id : null;

    public Guid? GroupId => Kind == ConversationKind.Group ? Id : null;

    public static Conversation Of(Guid? chatId, Guid? groupId) => chatId is { } chat ? Chat(chat) : Group(groupId!.Value);
}

/// <summary>
/// Chats and groups keep what is said in tables of the same shape, so that one set of statements serves both. These names are constants; nothing
/// that a client sends ever becomes one.
/// </summary>
internal sealed record ConversationKind(string Table, string Key, string Messages, string Members, string Path, string NotFoundCode)
{
    public static readonly ConversationKind Chat = new("chats", "chat_id", "messages", "chat_members", "chats", "chat_not_found");
    public static readonly ConversationKind Group = new("group_chats", "group_id", "group_messages", "group_chat_participants", "groups", "group_not_found");
}

/// <summary>What every conversation's own row carries.</summary>
internal interface IConversation
{
    /// <summary>The <c>seq</c> of the last message; the next one takes the number after it, holding this row until it commits.</summary>
    long LastSeq { get; }

    /// <summary>How often messages were edited or deleted; numbers those changes.</summary>
    long LastChange { get; }

    DateTimeOffset LastActivityAt { get; }
}

/// <summary>What somebody's place in a conversation carries; see docs/adr/0019 for the arithmetic of unread counts.</summary>
internal interface IMember
{
    Guid UserId { get; }

    /// <summary>The conversation's last <c>seq</c> when they came: messages up to it are history to them.</summary>
    long JoinedSeq { get; }

    long ReadSeq { get; }

    /// <summary>How many of their own messages come after <see cref="ReadSeq"/>.</summary>
    long OwnAfterRead { get; }

    /// <summary>Until when they want no push of it, and it is not in their badge; infinity for ever.</summary>
    DateTimeOffset? MutedUntil { get; }

    bool Pinned { get; }

    bool Archived { get; }
}
