using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Devices;
using Explaino.ChatService.Events;
using Explaino.ChatService.Feed;
using Explaino.ChatService.Notifications;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ChatService.Groups;

/// <summary>Changes groups, each while holding its row: whatever is decided is decided about the group as it is. Members are told after the commit.</summary>
internal sealed class GroupWriter(ChatDbContext db, GroupAnnouncements announcements, PushDues dues, Notifier notifier, TimeProvider clock)
{
    public async Task<Result<GroupChat>> CreateAsync(
        ClaimsPrincipal user, string name, Guid[] userIds, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await LockActivePersonAsync(user, cancellationToken) ?? await RefuseUnlessKnownAsync(userIds, cancellationToken)
            ?? await RefuseUnlessReachableAsync(user.Id(), userIds, cancellationToken)) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var group = new GroupChat { GroupId = Guid.CreateVersion7(now), GroupName = name, OwnerId = user.Id(), CreatedAt = now, LastActivityAt = now, Revision = 1 };
        group.Add([user.Id(), .. userIds], now);
        db.Groups.Add(group);
        db.Outbox.EnqueueAdded(group, user.Id(), before: [], clock);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);

        await announcements.AnnounceAsync(group, before: []);
        return group;
    }

    /// <param name="groupId">The group to change.</param>
    /// <param name="user">Who wants it; to those who are not in it the group does not exist.</param>
    /// <param name="newcomers">Those the change brings in; they must exist.</param>
    /// <param name="change">Changes the group as a participant of it, or says why not.</param>
    /// <param name="cancellationToken">Until the commit.</param>
    public async Task<Refusal?> ChangeAsync(
        Guid groupId, ClaimsPrincipal user, Guid[] newcomers, Func<GroupChat, Participant, Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await LockActivePersonAsync(user, cancellationToken) is { } gone)
        {
            return gone;
        }

        // People are held before groups, everywhere.
        var unknown = await RefuseUnlessKnownAsync(newcomers, cancellationToken);
        if (await HoldAsync(groupId, cancellationToken) is not { } group || group.Find(user.Id()) is not { } participant)
        {
            return Refusal.ConversationNotFound(Conversation.Group(groupId));
        }

        var before = RolesIn(group);
        if (await change(group, participant) is { } refusal)
        {
            return refusal;
        }

        // Who is in already is not brought in.
        if ((unknown ?? await RefuseUnlessReachableAsync(user.Id(), [.. newcomers.Except(before.Keys)], cancellationToken)) is { } refused)
        {
            return refused;
        }

        if (!db.ChangeTracker.HasChanges())
        {
            return null;
        }

        db.Outbox.EnqueueAdded(group, user.Id(), before.Keys, clock);
        try
        {
            await SaveAsync(group, cancellationToken);
            await dues.AfterLossAsync((NpgsqlConnection)db.Database.GetDbConnection(), LeftOf(group, before), user.SessionId());
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (DbUpdateException e) when (e.Violates(GroupChatConfiguration.SizeCheck))
        {
            return new Refusal(RefusalKind.Conflict, "group_full", $"A group has at most {GroupChat.MaximumParticipants} participants.");
        }

        await announcements.AnnounceAsync(group, before);
        return null;
    }

    /// <summary>Whether <c>If-Match</c> forbids a change; asked by a change itself, while the group is held.</summary>
    public async Task<bool> ForbidsChangeAsync(HttpRequest request, Guid groupId, CancellationToken cancellationToken) =>
        request.HasPrecondition()
        && request.ForbidsChange(await GroupStatements.FindAsync((NpgsqlConnection)db.Database.GetDbConnection(), groupId, cancellationToken));

    /// <summary>Takes somebody whose account is gone out of all groups, in the transaction that marks them as deleted.</summary>
    public async Task ForgetAsync(UserDeleted user, CancellationToken cancellationToken)
    {
        var left = new List<(GroupChat Group, Dictionary<Guid, GroupRole> Before)>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.MarkDeletedAsync(user, cancellationToken);
        await db.DeleteBlocksAsync(user.UserId, cancellationToken);
        await db.DeleteReportsAsync(user.UserId, cancellationToken);
        await db.DeleteDevicesAsync(user.UserId, cancellationToken);
        await db.DeleteFeedAsync(user.UserId, cancellationToken);
        await db.DeleteEventsAboutAsync<PersonNotified>(user.UserId, cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM last_seen WHERE user_id = {user.UserId}", cancellationToken);
        var groupIds = await db.Participants.Where(participant => participant.UserId == user.UserId)
            .Select(participant => participant.GroupId).Order().ToListAsync(cancellationToken);
        foreach (var groupId in groupIds)
        {
            if (await HoldAsync(groupId, cancellationToken) is { } group && group.Find(user.UserId) is { } participant)
            {
                var before = RolesIn(group);
                group.Remove(participant);
                await SaveAsync(group, cancellationToken);
                left.Add((group, before));
            }
        }

        await transaction.CommitAsync(CancellationToken.None);

        foreach (var (group, before) in left)
        {
            await announcements.AnnounceAsync(group, before);
        }

        notifier.Notify(new AccountDeleted(), [user.UserId]);
    }

    private async Task<GroupChat?> HoldAsync(Guid groupId, CancellationToken cancellationToken)
    {
        var group = await db.Groups.FromSql($"SELECT * FROM group_chats WHERE group_id = {groupId} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
        if (group is not null)
        {
            await db.Entry(group).Collection(found => found.Participants).LoadAsync(cancellationToken);
        }

        return group;
    }

    private async Task SaveAsync(GroupChat group, CancellationToken cancellationToken)
    {
        if (group.Participants.Count == 0)
        {
            db.Groups.Remove(group);
        }

        group.Revision++;
        await db.SaveChangesAsync(cancellationToken);
    }

    private static Dictionary<Guid, GroupRole> RolesIn(GroupChat group) => group.Participants.ToDictionary(participant => participant.UserId, participant => participant.Role);

    private static Guid[] LeftOf(GroupChat group, Dictionary<Guid, GroupRole> before) => [.. before.Keys.Where(userId => group.Find(userId) is null)];

    private async Task<Refusal?> LockActivePersonAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await db.LockActivePersonAsync(user, cancellationToken) is null ? null : Refusal.AccountDeleted;

    private async Task<Refusal?> RefuseUnlessKnownAsync(Guid[] userIds, CancellationToken cancellationToken)
    {
        var known = await db.Database
            .SqlQuery<Guid>($"""SELECT id AS "Value" FROM people WHERE id = ANY({userIds}) AND deleted_at IS NULL ORDER BY id FOR SHARE""")
            .ToListAsync(cancellationToken);
        return userIds.Except(known).Any()
            ? new Refusal(RefusalKind.NotFound, "user_not_found", "Not all of these users exist, or they are not known here yet.") { RetryAfter = TimeSpan.FromSeconds(1) }
            : null;
    }

    /// <summary>Nobody brings in somebody whom they block, or who blocks them; a third may bring in both.</summary>
    private async Task<Refusal?> RefuseUnlessReachableAsync(Guid callerId, Guid[] userIds, CancellationToken cancellationToken) =>
        userIds.Length > 0
        && await db.Set<Block>().AnyAsync(
            block => block.IsActive
                && ((block.BlockerId == callerId && userIds.Contains(block.BlockedId)) || (block.BlockedId == callerId && userIds.Contains(block.BlockerId))),
            cancellationToken)
            ? Refusal.NotReachable
            : null;
}
