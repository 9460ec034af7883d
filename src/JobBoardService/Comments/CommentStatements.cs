using Explaino.JobBoardService.Data;
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
}
