using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Messages;

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
    [property: Description("Later than this message, oldest first: what a client missed. The nil UUID: everything.")] Guid? After)
{
    internal Refusal? Refusal => this is { Before: not null, After: not null } ? Refusal.Invalid("after", "Cannot be combined with before.") : null;
}

/// <summary>Where a page of a history ended, and in which direction it goes on.</summary>
internal sealed record HistoryPosition(long Seq, bool Forward)
{
    public static HistoryPosition Of(MessageResponse message, HistoryRequest part, HistoryPosition? before) =>
        new(message.Seq, before?.Forward ?? part.After is not null);
}
