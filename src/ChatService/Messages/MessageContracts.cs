using System.ComponentModel;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Messages;

/// <summary>What a member says.</summary>
public sealed record SendMessageRequest(
    [property: RequiredMember, Text(SendMessageRequest.MaximumLength, MinimumLength = 1, Multiline = true)] string? Content,
    [property: Description("The client's own id for it: sending the same again gives the same message.")] Guid? ClientMessageId)
{
    public const int MaximumLength = 4000;
}

/// <summary>What a client may change of a message.</summary>
[ValidatableType]
public sealed record MessageRequest(
    [property: RequiredMember, Text(SendMessageRequest.MaximumLength, MinimumLength = 1, Multiline = true)] string? Content);

/// <summary>How far a member has read.</summary>
public sealed record ReadRequest([property: RequiredMember] Guid? MessageId);

/// <summary>Which part of a conversation.</summary>
public sealed record HistoryRequest(
    [property: Description("Older than this message, newest first.")] Guid? Before,
    [property: Description("Later than this message, oldest first: what a client missed. The nil UUID: everything.")] Guid? After,
    [property: FromQuery(Name = "changed_after"), NumberRange(typeof(long), "0", "9007199254740991", ErrorMessage = "Must be 0 or more.")]
    [property: Description("Edited or deleted with a change of a higher number, in the order of the changes, as they are now.")] long? ChangedAfter,
    [property: Description("This message with those around it, half of limit on each side, oldest first.")] Guid? Around)
{
    internal bool IsForward => (After ?? Around ?? (object?)ChangedAfter) is not null;

    internal Refusal? Refusal =>
        this is { Before: not null, After: not null } ? Refusal.Invalid("after", "Cannot be combined with before.")
        : ChangedAfter is not null && (Before ?? After) is not null ? Refusal.Invalid("changed_after", "Cannot be combined with before or after.")
        : Around is not null && (Before ?? After ?? (object?)ChangedAfter) is not null ? Refusal.Invalid("around", "Cannot be combined with before, after or changed_after.")
        : null;

    internal HistoryPosition PositionAfter(MessageResponse message, HistoryPosition? before) =>
        new(ChangedAfter is null ? message.Seq : message.Change!.Value, before?.Forward ?? IsForward);
}

/// <summary>Where a page of a history ended, and how it goes on.</summary>
/// <param name="Seq">Of the last message; or the number of its change, where it is changes that are read.</param>
/// <param name="Forward">Oldest first.</param>
internal sealed record HistoryPosition(long Seq, bool Forward);
