using Explaino.ChatService.Conversations;

namespace Explaino.ChatService.Chats;

/// <summary>A talk of two, one per pair whoever starts it: the lower id stands first.</summary>
internal sealed class Chat : IConversation
{
    public required Guid ChatId { get; init; }

    public required Guid UserLow { get; init; }

    public required Guid UserHigh { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public long LastSeq { get; init; }

    public long LastChange { get; init; }

    public required DateTimeOffset LastActivityAt { get; init; }
}

/// <summary>One side of a chat.</summary>
internal sealed class ChatMember : IMember
{
    public required Guid ChatId { get; init; }

    public required Guid UserId { get; init; }

    public long JoinedSeq { get; init; }

    public long ReadSeq { get; init; }

    public long OwnAfterRead { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public bool Pinned { get; init; }

    public bool Archived { get; init; }
}
