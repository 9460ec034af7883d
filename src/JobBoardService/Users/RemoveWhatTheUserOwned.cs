using Explaino.JobBoardService.Comments;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Events;
using Explaino.JobBoardService.Jobs;
using Explaino.JobBoardService.Likes;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Reports;
using Explaino.ServiceFiles.Storage;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Users;

/// <summary>Posts, comments, likes and images of a deleted user go, all at once, and the counts of others' posts follow.</summary>
internal sealed class RemoveWhatTheUserOwned(JobBoardDbContext db, FileDisposal files, TimeProvider clock) : IConsumer<UserDeleted>
{
    public async Task Consume(ConsumeContext<UserDeleted> context)
    {
        var cancellationToken = context.CancellationToken;
        var userId = context.Message.UserId;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.MarkDeletedAsync(context.Message, cancellationToken);
        await LockCountsAsync(userId, cancellationToken);

        var posts = await db.Posts.Where(post => post.AuthorId == userId).Select(post => post.Id).ToArrayAsync(cancellationToken);
        var uploads = await db.DeletePostsAsync(posts, cancellationToken);
        await db.UnlikeAllAsync(userId, clock.GetUtcNow(), cancellationToken);
        await db.DeleteAllCommentsAsync(userId, cancellationToken);
        await db.DeleteBlocksAsync(userId, cancellationToken);
        await db.DeleteReportsAsync(userId, cancellationToken);
        await db.Set<IdempotencyKey>().Where(key => key.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.DeleteEventsAboutAsync<PersonNotified>(userId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        await files.DiscardAsync(uploads);
    }

    // In the order of ids, as everybody who locks several: two users who liked the same posts may go at the same time.
    private Task<int> LockCountsAsync(Guid userId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        SELECT FROM job_post_counts
        WHERE post_id IN (
            SELECT post_id FROM job_posts WHERE author = {userId}
            UNION SELECT post_id FROM job_post_likes WHERE user_id = {userId}
            UNION SELECT post_id FROM job_post_comments WHERE user_id = {userId})
        ORDER BY post_id FOR UPDATE
        """,
        cancellationToken);
}
