using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Groups;

/// <summary>A group in the list of one's own.</summary>
internal sealed record GroupListItem(
    Guid Id,
    string Name,
    Guid OwnerId,
    IReadOnlyList<ParticipantResponse> Participants,
    MessageResponse? LastMessage,
    long UnreadCount,
    DateTimeOffset CreatedAt);

public sealed record CreateGroupRequest(
    [property: Required, Text(100, MinimumLength = 1)] string? Name,
    [property: Required, Length(1, GroupChat.MaximumParticipants - 1)] Guid[]? UserIds);

public sealed record AddParticipantsRequest([property: Required, Length(1, GroupChat.MaximumParticipants - 1)] Guid[]? UserIds);

public sealed record RoleRequest([property: Required] GroupRole? Role);

/// <summary>What a client may change of a group.</summary>
[ValidatableType]
public sealed record GroupRequest([property: Required, Text(100, MinimumLength = 1)] string? Name);
