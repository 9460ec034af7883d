using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ChatService.Feed;

/// <summary>What people were told, and want to be told: what is done to it under a lock, or in one statement for all of it.</summary>
internal static class FeedStatements
{
    /// <summary>Moves the read marker, never backwards. The feed is held: what is counted lies between the marker as it is and as it will be.</summary>
    /// <returns>Whether it moved.</returns>
    public static async Task<bool> ReadFeedAsync(this NpgsqlDataSource database, PushDues dues, Guid userId, Guid sessionId, long upTo)
    {
        await using var batch = database.Holding(
            "feeds WHERE user_id = @user",
            $"""
            WITH moved AS (
                UPDATE feeds SET read_seq = least(last_seq, @up_to), unread = unread - (
                    SELECT count(*) FROM feed_entries AS entry WHERE entry.user_id = @user AND entry.seq > feeds.read_seq AND entry.seq <= @up_to)
                WHERE user_id = @user AND read_seq < least(last_seq, @up_to)
                RETURNING read_seq
            ){dues.AfterReading}
            SELECT read_seq FROM moved
            """,
            ("user", userId), ("session", sessionId), ("up_to", upTo));
        await using var moved = await batch.ReadLastAsync();
        return moved is not null;
    }

    /// <returns>Somebody's settings, made if there are none, and nobody else's to change until the transaction ends.</returns>
    public static async Task<FeedSettings> HoldFeedSettingsAsync(this ChatDbContext db, Guid userId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO notification_settings (user_id, feed_off, push_off) VALUES ({userId}, ARRAY[]::text[], ARRAY[]::text[]) ON CONFLICT DO NOTHING", cancellationToken);
        return await db.FeedSettings.FromSql($"SELECT * FROM notification_settings WHERE user_id = {userId} FOR UPDATE").SingleAsync(cancellationToken);
    }

    /// <summary>Removes what somebody was told whose account is gone, in the transaction that marks them as deleted; what others were told of them keeps the bare id.</summary>
    public static Task<int> DeleteFeedAsync(this DbContext db, Guid userId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        WITH feed AS (DELETE FROM feeds WHERE user_id = {userId}),
        entries AS (DELETE FROM feed_entries WHERE user_id = {userId}),
        settings AS (DELETE FROM notification_settings WHERE user_id = {userId})
        DELETE FROM feed_deeds WHERE user_id = {userId}
        """,
        cancellationToken);
}
