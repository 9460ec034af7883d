namespace Explaino.Testing.Histories;

/// <summary>A conversation, as its members see it: how many messages, and which, as one number.</summary>
public sealed record ConversationState(long LastSeq, int Messages)
{
    public static readonly ConversationState Empty = new(0, 0);

    public static Func<ConversationState, ConversationState?> Send(Guid message, long seq) => conversation => conversation.LastSeq + 1 == seq ? conversation.After(message) : null;

    /// <summary>No answer came that says which <c>seq</c> it took.</summary>
    public static Func<ConversationState, ConversationState?> Send(Guid message) => conversation => conversation.After(message);

    public static Func<ConversationState, ConversationState?> Read(IEnumerable<Guid> messages)
    {
        var read = messages.Aggregate(Empty, (conversation, message) => conversation.After(message));
        return conversation => conversation == read ? conversation : null;
    }

    private ConversationState After(Guid message) => new(LastSeq + 1, HashCode.Combine(Messages, message));
}
