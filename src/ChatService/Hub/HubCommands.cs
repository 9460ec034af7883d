using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ChatService.Hub;

/// <summary>What a client says to the hub: exactly one of <c>chat_id</c> and <c>group_id</c> names the conversation.</summary>
internal abstract record HubCommand : IValidatableObject
{
    public Guid? ChatId { get; init; }

    public Guid? GroupId { get; init; }

    /// <summary>Why it could not be read.</summary>
    [JsonIgnore]
    internal string? Unreadable { get; init; }

    internal Conversation Conversation => Conversation.Of(ChatId, GroupId);

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        ChatId.HasValue == GroupId.HasValue ? [new("Exactly one of chat_id and group_id must be given.")] : [];
}

internal sealed record SendMessageCommand : HubCommand
{
    [Text(SendMessageRequest.MaximumLength, Multiline = true)]
    public string? Content { get; init; }

    public Guid? ClientMessageId { get; init; }

    [MaxLength(SendMessageRequest.MostAttachments, ErrorMessage = "There must be at most 10 attachments.")]
    public Guid[]? AttachmentIds { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        base.Validate(validationContext).Concat(SendMessageRequest.Check(Content, AttachmentIds));

    internal OutgoingMessage ToMessage() => new(Content ?? "", ClientMessageId, AttachmentIds ?? []);
}

internal sealed record TypingCommand : HubCommand;

internal sealed record MarkReadCommand : HubCommand
{
    [RequiredMember]
    public Guid? MessageId { get; init; }
}
