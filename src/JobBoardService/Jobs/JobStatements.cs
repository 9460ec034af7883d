using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Reports;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>Locks and removes posts, for all features that belong to them.</summary>
internal static class JobStatements
{
    /// <summary>Adds to what is saved next that a moderator is to look at a post, if it has one of the operator's terms.</summary>
    public static void FlagJob(this JobBoardDbContext db, ContentTerms words, JobRequest request, JobPost post, TimeProvider clock)
    {
        if (words.Flags(request.Texts()))
        {
            var snapshot = new ContentSnapshot(post.Title, post.Description, [.. post.Images.Select(image => image.Url).OfType<string>()], [], post.CreatedAt);
            db.Set<OutboxMessage>().Flag(new("jobs", ReportedType.Job, post.Id, null, post.AuthorId, snapshot), clock);
        }
    }

    /// <summary>See <see cref="JobPostCounts"/>: first of all locks but that of the person.</summary>
    public static Task LockCountsAsync(this JobBoardDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT FROM job_post_counts WHERE post_id = {id} FOR UPDATE", cancellationToken);

    /// <summary>The post with its images, held until the transaction ends.</summary>
    /// <remarks>Two statements: one would join the row that it waited for with the images from before the wait.</remarks>
    public static async Task<JobPost?> LockPostAsync(this JobBoardDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var post = await db.Posts.FromSql($"SELECT * FROM job_posts WHERE post_id = {id} FOR NO KEY UPDATE").SingleOrDefaultAsync(cancellationToken);
        if (post is not null)
        {
            await db.Images.Where(image => image.PostId == id).LoadAsync(cancellationToken);
        }

        return post;
    }

    /// <summary>Removes posts, whose counts are locked, with all that belongs to them.</summary>
    /// <returns>The files to delete once this is committed.</returns>
    public static async Task<List<Guid>> DeletePostsAsync(this JobBoardDbContext db, Guid[] ids, CancellationToken cancellationToken)
    {
        // An upload under way either adds its row before, or finds no post afterwards.
        await db.Database.ExecuteSqlAsync($"SELECT FROM job_posts WHERE post_id = ANY ({ids}) ORDER BY post_id FOR UPDATE", cancellationToken);
        var uploads = await db.Images
            .Where(image => ids.Contains(image.PostId) && image.StorageKey != null)
            .Select(image => image.StorageKey!.Value)
            .ToListAsync(cancellationToken);
        await db.Posts.Where(post => ids.Contains(post.Id)).ExecuteDeleteAsync(cancellationToken);
        return uploads;
    }
}
