using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Messages;

/// <summary>A message as every member sees it (docs/contract.md#6-chat).</summary>
public sealed record MessageResponse(
    Guid Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ChatId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? GroupId,
    long Seq,
    Guid SenderId,
    string? Content,
    Guid? ClientMessageId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt)
{
    [JsonIgnore]
    internal Conversation Conversation => Conversation.Of(ChatId, GroupId);
}

/// <summary>What a member says.</summary>
public sealed record SendMessageRequest(
    [property: Required, Text(SendMessageRequest.MaximumLength, MinimumLength = 1, Multiline = true)] string? Content,
    [property: Description("The client's own id for it: sending the same again gives the same message.")] Guid? ClientMessageId)
{
    public const int MaximumLength = 4000;
}

/// <summary>What a client may change of a message.</summary>
[ValidatableType]
public sealed record MessagePatch(
    [property: Required, Text(SendMessageRequest.MaximumLength, MinimumLength = 1, Multiline = true)] string? Content);

/// <summary>How far a member has read.</summary>
public sealed record ReadRequest([property: Required] Guid? MessageId);

/// <summary>Which part of a conversation.</summary>
public sealed record HistoryRequest(
    [property: Description("Older than this message, newest first.")] Guid? Before,
    [property: Description("Later than this message, oldest first: what a client missed. The nil UUID: everything.")] Guid? After);
