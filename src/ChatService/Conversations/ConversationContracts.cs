using System.ComponentModel;
using System.Text.Json.Serialization;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Http;

namespace Explaino.ChatService.Conversations;

/// <summary>A message as every member sees it, by HTTP and by the hub (docs/contract.md#6-chat).</summary>
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
    DateTimeOffset? DeletedAt,
    [property: Description("The number of its latest change in its conversation: what changed_after goes by. Null if it never changed.")] long? Change,
    [property: Description("What it carries; empty if nothing, and if it was deleted.")] IReadOnlyList<AttachmentResponse> Attachments)
{
    [JsonIgnore]
    internal Conversation Conversation => Conversation.Of(ChatId, GroupId);
}

/// <summary>A file that a message carries, or is to carry.</summary>
public sealed record AttachmentResponse(
    Guid Id,
    AttachmentKind Kind,
    string FileName,
    string ContentType,
    [property: Description("In bytes.")] long Size,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("In pixels; of images only.")] int? Width,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("In pixels; of images only.")] int? Height,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("A BlurHash; of images only.")] string? Placeholder,
    string Url);

public enum AttachmentKind
{
    Image,
    File,
    Audio,
}

/// <summary>A group as its participants see it, by HTTP and by the hub (docs/contract.md#6-chat).</summary>
public sealed record GroupResponse(Guid Id, string Name, Guid OwnerId, IReadOnlyList<ParticipantResponse> Participants, DateTimeOffset CreatedAt) : IPartlyEditable
{
    public int ParticipantCount => Participants.Count;

    object IPartlyEditable.Editable => Name;
}

/// <summary>Somebody in a group.</summary>
public sealed record ParticipantResponse(PersonResponse User, GroupRole Role, DateTimeOffset JoinedAt);

/// <summary>What somebody may do in a group; in the order of succession.</summary>
public enum GroupRole
{
    Owner,
    Admin,
    Member,
}
