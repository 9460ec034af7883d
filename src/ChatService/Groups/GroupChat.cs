using Explaino.ChatService.Conversations;

namespace Explaino.ChatService.Groups;

/// <summary>A talk of many. Its rules are said here; they are applied while its row is held.</summary>
internal sealed class GroupChat : IConversation
{
    /// <summary>The owner and 255 others; the database enforces it too.</summary>
    public const int MaximumParticipants = 256;

    public required Guid GroupId { get; init; }

    public required string GroupName { get; set; }

    public required Guid OwnerId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int ParticipantCount { get; set; }

    /// <summary>Grows with every change of the group itself, so that an older one is never shown after a newer one.</summary>
    public long Revision { get; set; }

    public long LastSeq { get; init; }

    public long LastChange { get; init; }

    public required DateTimeOffset LastActivityAt { get; init; }

    public List<Participant> Participants { get; } = [];

    public Participant? Find(Guid userId) => Participants.Find(participant => participant.UserId == userId);

    /// <summary>Whoever is in already stays as they are. A new participant sees the history, and has nothing unread.</summary>
    public void Add(IEnumerable<Guid> userIds, DateTimeOffset now)
    {
        // A microsecond apart, so that those who come together stand in the order in which they were named.
        foreach (var (index, userId) in userIds.Where(userId => Find(userId) is null).ToList().Index())
        {
            Participants.Add(new Participant
            {
                Id = Guid.CreateVersion7(now),
                GroupId = GroupId,
                UserId = userId,
                Role = userId == OwnerId ? GroupRole.Owner : GroupRole.Member,
                JoinedAt = now.AddMicroseconds(index),
                JoinedSeq = LastSeq,
                ReadSeq = LastSeq,
            });
        }

        ParticipantCount = Participants.Count;
    }

    /// <summary>When the owner goes, the longest-standing admin, else member, becomes owner. An empty group is for the caller to delete.</summary>
    public void Remove(Participant leaving)
    {
        Participants.Remove(leaving);
        ParticipantCount = Participants.Count;
        if (leaving.Role == GroupRole.Owner && Participants.Order(Participant.BySuccession).FirstOrDefault() is { } successor)
        {
            successor.Role = GroupRole.Owner;
            OwnerId = successor.UserId;
        }
    }

    /// <summary>There is one owner: making another one leaves the former an admin.</summary>
    public void GiveRole(Participant participant, GroupRole role)
    {
        if (role == GroupRole.Owner)
        {
            Find(OwnerId)!.Role = GroupRole.Admin;
            OwnerId = participant.UserId;
        }

        participant.Role = role;
    }
}

/// <summary>Somebody in a group.</summary>
internal sealed class Participant : IMember
{
    public static readonly IComparer<Participant> BySuccession =
        Comparer<Participant>.Create((one, other) => (one.Role, one.JoinedAt, one.Id).CompareTo((other.Role, other.JoinedAt, other.Id)));

    public required Guid Id { get; init; }

    public required Guid GroupId { get; init; }

    public required Guid UserId { get; init; }

    public required GroupRole Role { get; set; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required long JoinedSeq { get; init; }

    public required long ReadSeq { get; init; }

    public long OwnAfterRead { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public bool Pinned { get; init; }

    public bool Archived { get; init; }

    public bool Manages => Role is GroupRole.Owner or GroupRole.Admin;
}
