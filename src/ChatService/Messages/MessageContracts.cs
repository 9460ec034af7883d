using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Messages;

/// <summary>What a member says.</summary>
public sealed record SendMessageRequest(
    [property: Text(SendMessageRequest.MaximumLength, Multiline = true), Description("Must be there if there are no attachments.")] string? Content,
    [property: Description("The client's own id for it: sending the same again gives the same message.")] Guid? ClientMessageId,
    [property: MaxLength(SendMessageRequest.MostAttachments, ErrorMessage = "Must be at most 10."), Description("Files that you have uploaded and not sent yet, no two the same.")]
    IReadOnlyList<Guid>? AttachmentIds) : IValidatableObject
{
    public const int MaximumLength = 4000;
    public const int MostAttachments = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Check(Content, AttachmentIds);

    internal OutgoingMessage ToMessage() => new(Content ?? "", ClientMessageId, [.. AttachmentIds ?? []]);

    /// <summary>What a message needs, whichever way it comes: words or attachments, and no attachment twice.</summary>
    internal static IEnumerable<ValidationResult> Check(string? content, IReadOnlyList<Guid>? attachmentIds)
    {
        if (string.IsNullOrEmpty(content) && attachmentIds is not { Count: > 0 })
        {
            yield return new(content is null ? new Violation("required", "Is required.") : Violation.OfLength(0, 1, MaximumLength), [nameof(SendMessageRequest.Content)]);
        }

        foreach (var (index, id) in (attachmentIds ?? []).Index())
        {
            if (attachmentIds!.Take(index).Contains(id))
            {
                yield return new(new Violation("duplicate", "Is the same as one before."), [$"{nameof(SendMessageRequest.AttachmentIds)}[{index}]"]);
            }
        }
    }
}

/// <param name="Content">Empty only where there are attachments.</param>
/// <param name="ClientMessageId">The client's own id for it.</param>
/// <param name="AttachmentIds">No two the same.</param>
internal sealed record OutgoingMessage(string Content, Guid? ClientMessageId, Guid[] AttachmentIds);

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
