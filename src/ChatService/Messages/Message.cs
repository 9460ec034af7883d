using Explaino.ChatService.Conversations;
using NpgsqlTypes;

namespace Explaino.ChatService.Messages;

/// <summary>Something said. Written by <see cref="MessageWriter"/> only; this is the shape that both tables of messages have.</summary>
internal abstract class Message
{
    public required Guid Id { get; init; }

    /// <summary>1, 2, 3 … in its conversation, without gaps, in the order of commit.</summary>
    public required long Seq { get; init; }

    public required Guid SenderId { get; init; }

    /// <summary>Null once deleted; the message keeps its place.</summary>
    public string? Content { get; init; }

    /// <summary>What it carries, as a list of <see cref="AttachmentResponse"/> in JSON; null if nothing.</summary>
    public string? Attachments { get; init; }

    public Guid? ClientMessageId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The number of its latest change in its conversation; null if it never changed.</summary>
    public long? Change { get; init; }

    /// <summary>The transaction that stored it, for lists as of their first page (docs/adr/0029); null of messages from before.</summary>
    public ulong? WrittenIn { get; init; }

    /// <summary>What the version before searches in (docs/adr/0022).</summary>
    public NpgsqlTsVector Search { get; init; } = null!;

    /// <summary>What it is found by (docs/adr/0043); a trigger fills it.</summary>
    public NpgsqlTsVector? Words { get; init; }
}

internal sealed class ChatMessage : Message
{
    public required Guid ChatId { get; init; }
}

internal sealed class GroupMessage : Message
{
    public required Guid GroupId { get; init; }
}
