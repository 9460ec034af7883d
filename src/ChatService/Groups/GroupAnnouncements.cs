using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.ChatService.Groups;

/// <summary>Notifications of a group that has changed: who is in it hears how it is now, who left that they did, and newcomers of those they meet.</summary>
internal sealed class GroupAnnouncements(GroupStatements groups, Notifier notifier, PresenceIntroductions introductions)
{
    /// <summary>To be called after the commit.</summary>
    /// <param name="group">As it is now.</param>
    /// <param name="before">Who was in it, and as what.</param>
    public async Task AnnounceAsync(GroupChat group, Dictionary<Guid, GroupRole> before)
    {
        var changes = new GroupChanges(
            [.. group.Participants.Where(participant => !before.ContainsKey(participant.UserId)).Select(participant => participant.UserId)],
            [.. before.Keys.Where(userId => group.Find(userId) is null)],
            [.. group.Participants.Where(participant => before.TryGetValue(participant.UserId, out var role) && role != participant.Role).Select(participant => participant.UserId)]);
        var present = group.Participants.ConvertAll(participant => participant.UserId);
        try
        {
            // Not the request's to cancel: what is committed is told.
            if (present.Count > 0 && await groups.FindAsync(group.GroupId, CancellationToken.None) is { } response)
            {
                notifier.Notify(new GroupUpdated(response, group.Revision, changes), present);
            }

            notifier.Notify(new GroupLeft(group.GroupId, group.Revision), changes.Left);
            await introductions.IntroduceAsync(changes.Joined, present);
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            notifier.RequestResync();
        }
    }
}
