using System.ComponentModel;
using Explaino.ChatService.Conversations;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ChatService.Chats;

/// <summary>A talk of two as one of them sees it (docs/contract.md#6-chat).</summary>
internal sealed record ChatResponse(
    Guid Id,
    PersonResponse Peer,
    MessageResponse? LastMessage,
    long UnreadCount,
    [property: Description("The id of the last message that the other one has read.")] Guid? PeerReadUpTo,
    DateTimeOffset CreatedAt,
    [property: Description("The seq of its last message; 0 if nothing was said.")] long LastSeq,
    [property: Description("The number of its last edit or deletion; 0 if there was none.")] long LastChange,
    [property: Description("Opaque: it differs whenever anything of the chat does that is not a message.")] string Revision,
    [property: Description("A time (RFC 3339), or the word forever; null: not muted.")] string? MutedUntil,
    bool Pinned,
    bool Archived);

public sealed record StartChatRequest([property: RequiredMember] Guid? UserId);
