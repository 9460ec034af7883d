using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Feed;

internal static class FeedDeletion
{
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
