using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Events;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Comments;

/// <summary>What a comment found: nothing of the post if there is none; the author as they are shown; and whether no block is between the two.</summary>
internal sealed record CommentAttempt(bool IsActive, bool? IsOpen, bool? IsReachable, string? Username, string? FirstName, string? LastName, string? ProfileImage) : IWriteOfPerson;

/// <summary>Writes, locks and removes comments, with their post's count.</summary>
internal static class CommentStatements
{
    /// <summary>The comment, nobody else's to change until the transaction ends; null if there is none on this post.</summary>
    public static async Task<JobPostComment?> LockCommentAsync(this JobBoardDbContext db, Guid postId, Guid commentId, CancellationToken cancellationToken) =>
        await db.Comments.FromSql($"SELECT * FROM job_post_comments WHERE id = {commentId} AND post_id = {postId} FOR NO KEY UPDATE").SingleOrDefaultAsync(cancellationToken);

    /// <summary>
    /// Writes a comment, counts it and stores what is to be told of it, in one round trip: on a post that is open, of an author with whom no block is between. Locks
    /// the person who writes, then the count (see <see cref="Jobs.JobPostCounts"/>).
    /// </summary>
    /// <param name="flag">The event for a moderator, if the comment has one of the operator's terms.</param>
    public static async Task<CommentAttempt> PostCommentAsync(
        this JobBoardDbContext db, JobPostComment comment, OutboxMessage? flag, CancellationToken cancellationToken)
    {
        var told = PersonNotified.ToAuthor("job_comment", comment.PostId, comment.UserId, comment.CreatedAt);
        var found = await db.Database.SqlQuery<CommentAttempt>(
            $"""
            WITH person AS (
                SELECT id, username, first_name, last_name, profile_image FROM people WHERE id = {comment.UserId} AND deleted_at IS NULL FOR SHARE),
            post AS (
                SELECT c.post_id, p.author, p.title, p.closes_at IS NULL OR p.closes_at > {comment.CreatedAt} AS is_open, NOT EXISTS (
                    SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN ((p.author, {comment.UserId}), ({comment.UserId}, p.author))) AS is_reachable
                FROM person CROSS JOIN job_post_counts c JOIN job_posts p USING (post_id)
                WHERE c.post_id = {comment.PostId} FOR UPDATE OF c),
            written AS (
                INSERT INTO job_post_comments (id, post_id, user_id, content, created_at, updated_at)
                SELECT {comment.Id}, post_id, {comment.UserId}, {comment.Content}, {comment.CreatedAt}, {comment.UpdatedAt} FROM post WHERE is_open AND is_reachable
                RETURNING post_id),
            counted AS (
                UPDATE job_post_counts c SET comment_count = c.comment_count + 1 FROM written WHERE c.post_id = written.post_id),
            told AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {told.Id}, {told.Name}, {told.Payload}::jsonb || jsonb_build_object('recipientId', author, 'params', jsonb_build_object('title', title)),
                    author, {told.TraceParent}, {told.CreatedAt}, 0
                FROM post JOIN written USING (post_id) WHERE author <> {comment.UserId}),
            flagged AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {flag?.Id}::uuid, {flag?.Name}, {flag?.Payload}::jsonb, {comment.UserId}, {told.TraceParent}, {told.CreatedAt}, 0 FROM written WHERE {flag is not null})
            SELECT person.id IS NOT NULL AS "IsActive", is_open AS "IsOpen", is_reachable AS "IsReachable",
                username AS "Username", first_name AS "FirstName", last_name AS "LastName", profile_image AS "ProfileImage"
            FROM (SELECT) AS always LEFT JOIN person ON true LEFT JOIN post ON true
            """).ToListAsync(cancellationToken);
        return found.Single();
    }

    /// <summary>Removes a comment, if it is there, on a post whose counts are locked.</summary>
    public static Task DeleteCommentAsync(this JobBoardDbContext db, Guid commentId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            WITH deleted AS (
                DELETE FROM job_post_comments WHERE id = {commentId} RETURNING post_id)
            UPDATE job_post_counts c SET comment_count = c.comment_count - 1 FROM deleted WHERE c.post_id = deleted.post_id
            """,
            cancellationToken);

    /// <summary>Removes all comments of a user, on posts whose counts are locked.</summary>
    public static Task DeleteAllCommentsAsync(this JobBoardDbContext db, Guid userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            WITH deleted AS (
                DELETE FROM job_post_comments WHERE user_id = {userId} RETURNING post_id)
            UPDATE job_post_counts c SET comment_count = c.comment_count - gone.count
            FROM (SELECT post_id, count(*) FROM deleted GROUP BY post_id) gone
            WHERE c.post_id = gone.post_id
            """,
            cancellationToken);

    /// <summary>On a post of somebody of whom and the comment's author one blocks the other, nothing more is said.</summary>
    public static async Task<bool> TryChangeCommentAsync(
        this JobBoardDbContext db, JobPostComment comment, string content, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE job_post_comments AS c SET content = {content}, updated_at = {now}
            FROM job_posts AS p WHERE c.id = {comment.Id} AND p.post_id = c.post_id AND NOT EXISTS (
                SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN ((p.author, c.user_id), (c.user_id, p.author)))
            """,
            cancellationToken) == 1;
}
