using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Events;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ChatService.Feed;

/// <summary>Puts a deed into somebody's notifications, or takes it back; the events may come twice, late and out of order.</summary>
/// <remarks>
/// 1. The event is consumed once: its id is a primary key, written in the same transaction.
/// 2. The recipient's feed is held: what is unread, and how much, is decided by nobody else meanwhile.
/// 3. Of one person's deeds about one thing the latest counts. One that is already in the unread entry adds nobody.
/// </remarks>
internal sealed class FeedWriter(ChatDbContext db, PushDues dues, TimeProvider clock)
{
    private const int ActorsShown = 3;
    private const int LongestKey = 300;

    /// <returns>Whether anything changed.</returns>
    public async Task<bool> ApplyAsync(PersonNotified told, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db.Database.ExecuteSqlAsync(
                $"INSERT INTO feed_events (event_id, consumed_at) VALUES ({told.EventId}, {clock.GetUtcNow()}) ON CONFLICT DO NOTHING", cancellationToken) > 0
            && told.ActorId != told.RecipientId
            && await HoldAsync(told.RecipientId, cancellationToken) is { } feed
            && await ChangeAsync(feed, told, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return changed;
    }

    /// <returns>Null of somebody whose account is gone.</returns>
    private async Task<PersonFeed?> HoldAsync(Guid userId, CancellationToken cancellationToken)
    {
        var gone = await db.Database.SqlQuery<bool>($"""SELECT deleted_at IS NOT NULL AS "Value" FROM people WHERE id = {userId} FOR SHARE""").ToListAsync(cancellationToken);
        if (gone is [true])
        {
            return null;
        }

        await db.Database.ExecuteSqlAsync($"INSERT INTO feeds (user_id, last_seq, read_seq, unread) VALUES ({userId}, 0, 0, 0) ON CONFLICT DO NOTHING", cancellationToken);
        return await db.Feeds.FromSql($"SELECT * FROM feeds WHERE user_id = {userId} FOR UPDATE").SingleAsync(cancellationToken);
    }

    private async Task<bool> ChangeAsync(PersonFeed feed, PersonNotified told, CancellationToken cancellationToken)
    {
        var kind = KindOf(told.Kind);
        if (!await db.WantsInFeedAsync(feed.UserId, kind, cancellationToken))
        {
            return false;
        }

        var (key, actor) = (KeyOf(kind, told), told.ActorId ?? Guid.Empty);
        var deed = await db.FeedDeeds.SingleOrDefaultAsync(
            deed => deed.UserId == feed.UserId && deed.Kind == kind && deed.SubjectKey == key && deed.ActorId == actor, cancellationToken);
        var isWithdrawal = told.Withdrawn == true;
        if (deed is not null && deed.OccurredAt >= told.OccurredAt && (deed.Withdrawn || isWithdrawal))
        {
            return false;
        }

        if (deed is null)
        {
            deed = new() { UserId = feed.UserId, Kind = kind, SubjectKey = key, ActorId = actor, OccurredAt = told.OccurredAt };
            db.FeedDeeds.Add(deed);
        }

        deed.OccurredAt = told.OccurredAt > deed.OccurredAt ? told.OccurredAt : deed.OccurredAt;
        var changed = isWithdrawal ? await WithdrawAsync(feed, deed, cancellationToken) : await AddAsync(feed, deed, told, cancellationToken);
        deed.Withdrawn = isWithdrawal;
        return changed;
    }

    private async Task<bool> AddAsync(PersonFeed feed, FeedDeed deed, PersonNotified told, CancellationToken cancellationToken)
    {
        var entry = await db.FeedEntries.SingleOrDefaultAsync(
            entry => entry.UserId == feed.UserId && entry.Kind == deed.Kind && entry.SubjectKey == deed.SubjectKey && entry.Seq > feed.ReadSeq, cancellationToken);
        if (entry is null)
        {
            entry = new()
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                UserId = feed.UserId,
                Seq = ++feed.LastSeq,
                Kind = deed.Kind,
                SubjectKey = deed.SubjectKey,
                Subject = told.Subject,
                Params = told.Params ?? [],
                Actors = Latest(deed.ActorId, []),
                Count = 1,
                CreatedAt = told.OccurredAt,
            };
            db.FeedEntries.Add(entry);
            feed.Unread++;
        }
        else
        {
            var isIn = deed.EntryId == entry.Id && !deed.Withdrawn;
            if (isIn && deed.Kind == FeedKind.JobLike)
            {
                // The same like, told again under another id.
                return false;
            }

            entry.Seq = ++feed.LastSeq;
            entry.Count += isIn ? 0 : 1;
            entry.Actors = Latest(deed.ActorId, entry.Actors);
            entry.Params = Merged(deed.Kind, entry.Params, told.Params ?? []);
            entry.Subject = told.Subject;
            entry.CreatedAt = told.OccurredAt > entry.CreatedAt ? told.OccurredAt : entry.CreatedAt;
        }

        deed.EntryId = entry.Id;
        await dues.AfterNotificationAsync((NpgsqlConnection)db.Database.GetDbConnection(), entry.Id, entry.Seq, cancellationToken);
        return true;
    }

    private async Task<bool> WithdrawAsync(PersonFeed feed, FeedDeed deed, CancellationToken cancellationToken)
    {
        var entry = await db.FeedEntries.SingleOrDefaultAsync(entry => entry.Id == deed.EntryId && entry.Seq > feed.ReadSeq, cancellationToken);
        if (entry is null)
        {
            return false;
        }

        entry.Count--;
        if (entry.Count == 0)
        {
            db.FeedEntries.Remove(entry);
            feed.Unread--;
            return true;
        }

        entry.Actors = await db.FeedDeeds.Where(other => other.EntryId == entry.Id && !other.Withdrawn && other.ActorId != deed.ActorId)
            .OrderByDescending(other => other.OccurredAt).Take(ActorsShown).Select(other => other.ActorId).ToArrayAsync(cancellationToken);
        return true;
    }

    private static FeedKind KindOf(string word) => Enum.GetValues<FeedKind>().FirstOrDefault(kind => WordConversion.WordOf(kind) == word, FeedKind.Other);

    /// <summary>Of points those of one person are one entry, of everything else what is about one thing.</summary>
    private static string KeyOf(FeedKind kind, PersonNotified told)
    {
        if (kind == FeedKind.PointsReceived)
        {
            return $"{told.ActorId}";
        }

        // It stands in an index, which takes no text of any length.
        var key = string.Join(' ', told.Subject.OrderBy(id => id.Key, StringComparer.Ordinal).Select(id => $"{id.Key}={id.Value}"));
        return key.Length <= LongestKey ? key : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private static Guid[] Latest(Guid actorId, Guid[] others) => actorId == Guid.Empty ? others : [.. others.Where(other => other != actorId).Prepend(actorId).Take(ActorsShown)];

    /// <summary>Points add up; of everything else the latest is told.</summary>
    private static Dictionary<string, string> Merged(FeedKind kind, Dictionary<string, string> before, Dictionary<string, string> now) =>
        kind == FeedKind.PointsReceived && AmountIn(before) is { } had && AmountIn(now) is { } got
            ? new(now) { ["amount"] = (had + got).ToString(CultureInfo.InvariantCulture) }
            : now;

    private static long? AmountIn(Dictionary<string, string> texts) =>
        long.TryParse(texts.GetValueOrDefault("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;
}
