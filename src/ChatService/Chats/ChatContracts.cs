using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Conversations;
using Explaino.ServiceData.People;

namespace Explaino.ChatService.Chats;

/// <summary>A talk of two as one of them sees it (docs/contract.md#6-chat).</summary>
internal sealed record ChatResponse(
    Guid Id,
    PersonResponse Peer,
    MessageResponse? LastMessage,
    long UnreadCount,
    [property: Description("The id of the last message that the other one has read.")] Guid? PeerReadUpTo,
    DateTimeOffset CreatedAt);

public sealed record StartChatRequest([property: Required] Guid? UserId);
