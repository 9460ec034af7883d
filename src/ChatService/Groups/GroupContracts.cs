using System.ComponentModel;
using System.Text.Json.Serialization;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Groups;

/// <summary>A group in the list of one's own.</summary>
internal sealed record GroupListItem(
    Guid Id,
    string Name,
    Guid OwnerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Left out on demand.")] IReadOnlyList<ParticipantResponse>? Participants,
    int ParticipantCount,
    MessageResponse? LastMessage,
    long UnreadCount,
    DateTimeOffset CreatedAt,
    [property: Description("The seq of its last message; 0 if nothing was said.")] long LastSeq,
    [property: Description("The number of its last edit or deletion; 0 if there was none.")] long LastChange,
    [property: Description("Opaque: it differs whenever anything of the group does that is not a message.")] string Revision,
    [property: Description("A time (RFC 3339), or the word forever; null: not muted.")] string? MutedUntil,
    bool Pinned,
    bool Archived);

/// <summary>Whose names stand in a list of groups.</summary>
internal enum ParticipantsShown
{
    All,
    None,
}

public sealed record CreateGroupRequest(
    [property: RequiredMember, Text(100, MinimumLength = 1)] string? Name,
    [property: RequiredMember, ListLength(1, GroupChat.MaximumParticipants - 1)] Guid[]? UserIds);

public sealed record AddParticipantsRequest([property: RequiredMember, ListLength(1, GroupChat.MaximumParticipants - 1)] Guid[]? UserIds);

public sealed record RoleRequest([property: RequiredMember] GroupRole? Role);

/// <summary>What a client may change of a group.</summary>
[ValidatableType]
public sealed record GroupRequest([property: RequiredMember, Text(100, MinimumLength = 1)] string? Name);
