using Explaino.ChatService.Events;
using Explaino.ServiceData.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Groups;

/// <summary>Tells those whom somebody else brought into a group, in the transaction that does.</summary>
internal static class AddedToGroup
{
    public static void EnqueueAdded(this DbSet<OutboxMessage> outbox, GroupChat group, Guid actorId, IEnumerable<Guid> before, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        foreach (var newcomer in group.Participants.Select(participant => participant.UserId).Except(before).Where(userId => userId != actorId))
        {
            var subject = new Dictionary<string, string> { ["type"] = "group", ["group_id"] = group.GroupId.ToString() };
            outbox.Enqueue(
                new PersonNotified(Guid.CreateVersion7(now), newcomer, "added_to_group", actorId, subject, new() { ["name"] = group.GroupName }, now), newcomer, clock);
        }
    }
}
