using System.ComponentModel.DataAnnotations.Schema;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Events;
using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Likes;

/// <summary>What a like or its withdrawal found: nothing of it if there is no such post.</summary>
internal sealed record LikeOutcome([property: Column("like_count")] int LikeCount, [property: Column("liked_by_me")] bool LikedByMe);

/// <summary>What a like found: nothing of the post if there is none; and whether no block is between the two.</summary>
internal sealed record LikeAttempt(
    [property: Column("is_active")] bool IsActive,
    [property: Column("like_count")] int? LikeCount,
    [property: Column("liked_by_me")] bool? LikedByMe,
    [property: Column("is_reachable")] bool? IsReachable) : IWriteOfPerson;

/// <summary>
/// Likes change together with their count and its history, in one statement that locks the count first (see <see cref="Jobs.JobPostCounts"/>), but for the person
/// who likes; it also stores the event for the author. Nothing of this costs a round trip of its own.
/// </summary>
internal static class LikeStatements
{
    /// <summary>Not liked afterwards: the post is closed, or its author not reachable, and takes no new ones.</summary>
    public static async Task<LikeAttempt> LikeAsync(
        this JobBoardDbContext db, Guid postId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var told = PersonNotified.ToAuthor("job_like", postId, userId, now);
        return (await RunAsync<LikeAttempt>(
            db,
            $"""
            WITH person AS (
                SELECT id FROM people WHERE id = {userId} AND deleted_at IS NULL FOR SHARE),
            post AS (
                SELECT c.post_id, c.like_count, p.author, p.title, p.closes_at IS NULL OR p.closes_at > {now} AS is_open, NOT EXISTS (
                    SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN ((p.author, {userId}), ({userId}, p.author))) AS is_reachable
                FROM person CROSS JOIN job_post_counts c JOIN job_posts p USING (post_id)
                WHERE c.post_id = {postId} FOR UPDATE OF c),
            liked AS (
                INSERT INTO job_post_likes (id, post_id, user_id, created_at)
                SELECT {Guid.CreateVersion7(now)}, post_id, {userId}, {now} FROM post WHERE is_open AND is_reachable
                ON CONFLICT (post_id, user_id) DO NOTHING
                RETURNING post_id),
            counted AS (
                UPDATE job_post_counts c SET like_count = c.like_count + 1, like_version = c.like_version + 1
                FROM liked WHERE c.post_id = liked.post_id
                RETURNING c.post_id, c.like_count, c.like_version),
            remembered AS (
                INSERT INTO job_post_like_count_changes (post_id, version, like_count_before, changed_in, changed_at)
                SELECT post_id, like_version, like_count - 1, pg_current_xact_id(), {now} FROM counted),
            told AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {told.Id}, {told.Name}, {told.Payload}::jsonb || jsonb_build_object('recipientId', author, 'params', jsonb_build_object('title', title)),
                    author, {told.TraceParent}, {told.CreatedAt}, 0
                FROM post JOIN counted USING (post_id) WHERE author <> {userId})
            SELECT EXISTS (SELECT FROM person) AS is_active, coalesce(counted.like_count, post.like_count) AS like_count,
                (post.is_open AND post.is_reachable) OR EXISTS (
                    SELECT FROM job_post_likes l WHERE l.post_id = post.post_id AND l.user_id = {userId}) AS liked_by_me,
                post.is_reachable
            FROM (SELECT) AS always LEFT JOIN post ON true LEFT JOIN counted USING (post_id)
            """,
            cancellationToken))!;
    }

    public static Task<LikeOutcome?> UnlikeAsync(
        this JobBoardDbContext db, Guid postId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var told = PersonNotified.ToAuthor("job_like", postId, userId, now, withdrawn: true);
        return RunAsync<LikeOutcome>(
            db,
            $"""
            WITH post AS (
                SELECT c.post_id, c.like_count, p.author, p.title FROM job_post_counts c JOIN job_posts p USING (post_id) WHERE c.post_id = {postId} FOR UPDATE OF c),
            unliked AS (
                DELETE FROM job_post_likes l USING post WHERE l.post_id = post.post_id AND l.user_id = {userId}
                RETURNING l.post_id),
            counted AS (
                UPDATE job_post_counts c SET like_count = c.like_count - 1, like_version = c.like_version + 1
                FROM unliked WHERE c.post_id = unliked.post_id
                RETURNING c.post_id, c.like_count, c.like_version),
            remembered AS (
                INSERT INTO job_post_like_count_changes (post_id, version, like_count_before, changed_in, changed_at)
                SELECT post_id, like_version, like_count + 1, pg_current_xact_id(), {now} FROM counted),
            told AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {told.Id}, {told.Name}, {told.Payload}::jsonb || jsonb_build_object('recipientId', author, 'params', jsonb_build_object('title', title)),
                    author, {told.TraceParent}, {told.CreatedAt}, 0
                FROM post JOIN counted USING (post_id) WHERE author <> {userId})
            SELECT coalesce(counted.like_count, post.like_count) AS like_count, false AS liked_by_me
            FROM post LEFT JOIN counted USING (post_id)
            """,
            cancellationToken);
    }

    /// <summary>Withdraws all likes of a user, on posts whose counts are locked.</summary>
    public static Task UnlikeAllAsync(this JobBoardDbContext db, Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            WITH unliked AS (
                DELETE FROM job_post_likes WHERE user_id = {userId} RETURNING post_id),
            counted AS (
                UPDATE job_post_counts c SET like_count = c.like_count - 1, like_version = c.like_version + 1
                FROM unliked WHERE c.post_id = unliked.post_id
                RETURNING c.post_id, c.like_count, c.like_version)
            INSERT INTO job_post_like_count_changes (post_id, version, like_count_before, changed_in, changed_at)
            SELECT post_id, like_version, like_count + 1, pg_current_xact_id(), {now} FROM counted
            """,
            cancellationToken);

    private static async Task<T?> RunAsync<T>(JobBoardDbContext db, FormattableString statement, CancellationToken cancellationToken) where T : class =>
        (await db.Database.SqlQuery<T>(statement).ToListAsync(cancellationToken)).SingleOrDefault();
}
