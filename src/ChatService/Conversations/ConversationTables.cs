namespace Explaino.ChatService.Conversations;

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
}
