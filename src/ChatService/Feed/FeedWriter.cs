using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Events;
using Explaino.ChatService.Notifications;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ChatService.Feed;

/// <summary>Stores what people are told, many events in one transaction; the events may come twice, late and out of order.</summary>
/// <remarks>
/// 1. An event is consumed once: its id is a primary key, written in the same transaction.
/// 2. The recipients' feeds are held, in one order: what is unread, and how much, is decided by nobody else meanwhile.
/// 3. What the rules need is read in one go for all, they are applied (<see cref="FeedChanges"/>), and what they changed is written.
/// </remarks>
internal sealed class FeedWriter(ChatDbContext db, PushDues dues, Notifier notifier, TimeProvider clock)
{
    public async Task ApplyAsync(IReadOnlyList<PersonNotified> told)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var deeds = await TakeNewAsync(told);
        if (deeds.Count == 0)
        {
            await transaction.CommitAsync();
            return;
        }

        var feeds = await HoldAsync([.. deeds.Select(deed => deed.UserId).Distinct().Order()]);
        deeds = await WantedAsync(deeds.FindAll(deed => feeds.ContainsKey(deed.UserId)));
        var changes = new FeedChanges(db, feeds, await KnownDeedsAsync(deeds), await UnreadEntriesAsync(deeds, feeds), clock);
        foreach (var deed in deeds)
        {
            changes.Apply(deed);
        }

        await db.SaveChangesAsync();
        await RenewActorsAsync(changes.Shrunk);
        await dues.AfterNotificationsAsync((NpgsqlConnection)db.Database.GetDbConnection(), [.. changes.Renewed.Select(entry => (entry.UserId, entry.Id, entry.Seq))]);
        await dues.AfterLossAsync((NpgsqlConnection)db.Database.GetDbConnection(), [.. changes.WithLessUnread]);
        await transaction.CommitAsync();
        if (changes.Recipients.Count > 0)
        {
            notifier.Notify(new ConversationTouched(), changes.Recipients);
        }
    }

    /// <summary>What was not consumed before, but for what people did to themselves; in the order in which it came.</summary>
    private async Task<List<ToldDeed>> TakeNewAsync(IReadOnlyList<PersonNotified> told)
    {
        var taken = (await db.Database.SqlQuery<Guid>(
            $"""
            INSERT INTO feed_events (event_id, consumed_at)
            SELECT id, {clock.GetUtcNow()} FROM unnest({told.Select(one => one.EventId).ToArray()}) AS id ORDER BY id
            ON CONFLICT DO NOTHING RETURNING event_id AS "Value"
            """).ToListAsync()).ToHashSet();
        return [.. told.Where(one => taken.Remove(one.EventId) && one.ActorId != one.RecipientId).Select(ToldDeed.Of)];
    }

    /// <summary>The feeds of those whose account is not gone, by the user.</summary>
    private async Task<Dictionary<Guid, PersonFeed>> HoldAsync(Guid[] userIds)
    {
        var people = await db.People.FromSql($"SELECT * FROM people WHERE id = ANY ({userIds}) ORDER BY id FOR SHARE").AsNoTracking().ToListAsync();
        Guid[] present = [.. userIds.Except(people.Where(person => person.DeletedAt is not null).Select(person => person.Id))];
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO feeds (user_id, last_seq, read_seq, unread) SELECT id, 0, 0, 0 FROM unnest({present}) AS id ORDER BY id ON CONFLICT DO NOTHING");
        return await db.Feeds.FromSql($"SELECT * FROM feeds WHERE user_id = ANY ({present}) ORDER BY user_id FOR UPDATE").ToDictionaryAsync(feed => feed.UserId);
    }

    private async Task<List<ToldDeed>> WantedAsync(List<ToldDeed> deeds)
    {
        Guid[] userIds = [.. deeds.Select(deed => deed.UserId).Distinct()];
        var off = await db.FeedSettings.AsNoTracking().Where(settings => userIds.Contains(settings.UserId)).ToDictionaryAsync(settings => settings.UserId, settings => settings.FeedOff);
        return deeds.FindAll(deed => !off.GetValueOrDefault(deed.UserId, []).Contains(WordConversion.WordOf(deed.Kind)));
    }

    private Task<List<FeedDeed>> KnownDeedsAsync(List<ToldDeed> deeds) => db.FeedDeeds.FromSql(
        $"""
        SELECT DISTINCT deed.* FROM unnest(
            {deeds.Select(deed => deed.UserId).ToArray()}, {Words(deeds)}, {deeds.Select(deed => deed.SubjectKey).ToArray()}, {deeds.Select(deed => deed.ActorId).ToArray()}
        ) AS told (user_id, kind, subject_key, actor_id) JOIN feed_deeds AS deed USING (user_id, kind, subject_key, actor_id)
        """).ToListAsync();

    private async Task<List<FeedEntry>> UnreadEntriesAsync(List<ToldDeed> deeds, Dictionary<Guid, PersonFeed> feeds) => await db.FeedEntries.FromSql(
        $"""
        SELECT DISTINCT ON (entry.id) entry.* FROM unnest(
            {deeds.Select(deed => deed.UserId).ToArray()}, {Words(deeds)}, {deeds.Select(deed => deed.SubjectKey).ToArray()}, {deeds.Select(deed => feeds[deed.UserId].ReadSeq).ToArray()}
        ) AS told (user_id, kind, subject_key, read_seq) JOIN feed_entries AS entry USING (user_id, kind, subject_key)
        WHERE entry.seq > told.read_seq
        """).ToListAsync();

    /// <summary>Where somebody took something back, another of many may be among the latest who did it.</summary>
    private async Task RenewActorsAsync(IReadOnlyCollection<Guid> entryIds)
    {
        if (entryIds.Count > 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE feed_entries AS entry SET actors = ARRAY(
                    SELECT actor_id FROM feed_deeds WHERE entry_id = entry.id AND NOT withdrawn AND actor_id <> {Guid.Empty}
                    ORDER BY occurred_at DESC LIMIT {FeedChanges.ActorsShown})
                WHERE id = ANY ({entryIds.ToArray()})
                """);
        }
    }

    private static string[] Words(List<ToldDeed> deeds) => [.. deeds.Select(deed => WordConversion.WordOf(deed.Kind))];
}
