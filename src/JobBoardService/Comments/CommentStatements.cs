using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Reports;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Comments;

internal static class CommentStatements
{
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

    /// <summary>Has a moderator look at a comment with one of the operator's terms, in the transaction that writes it.</summary>
    public static async Task FlagCommentAsync(
        this JobBoardDbContext db, ContentTerms words, string content, Guid commentId, Guid postId, Guid authorId, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (words.Flags(("content", content)))
        {
            var snapshot = new ContentSnapshot(null, content, [], [], clock.GetUtcNow());
            db.Set<OutboxMessage>().Flag(new("jobs", ReportedType.Comment, commentId, postId, authorId, snapshot), clock);
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
