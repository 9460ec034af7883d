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
