using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>What the features of a post have in common.</summary>
internal static class JobQueries
{
    // Compiled: to take these apart and find them in its cache costs Entity Framework a quarter of a whole request.
    private static readonly Func<JobBoardDbContext, Guid, Guid, string, CancellationToken, Task<JobRow?>> Job = EF.CompileAsyncQuery(
        (JobBoardDbContext db, Guid id, Guid caller, string address, CancellationToken _) => db.Posts
            .Where(post => post.Id == id)
            .Select(post => new FoundJob { Post = post, Caller = caller, PublicAddress = address, Rank = 0, LikeCount = 0, Snapshot = null })
            .Select(JobRow.From)
            .SingleOrDefault());

    private static readonly Func<JobBoardDbContext, int, Guid, string, IAsyncEnumerable<JobRow>> Newest = EF.CompileAsyncQuery(
        (JobBoardDbContext db, int count, Guid caller, string address) => db.Posts
            .OrderByDescending(post => post.CreatedAt)
            .ThenByDescending(post => post.Id)
            .Take(count)
            .Select(post => new FoundJob { Post = post, Caller = caller, PublicAddress = address, Rank = 0, LikeCount = 0, Snapshot = null })
            .Select(JobRow.From));

    /// <summary>The post as the caller sees it, in one statement.</summary>
    public static async Task<JobResponse?> ReadJobAsync(
        this JobBoardDbContext db, Guid id, ClaimsPrincipal caller, PublicAddress address, CancellationToken cancellationToken) =>
        (await Job(db, id, caller.Id(), address.Value, cancellationToken))?.Job;

    /// <summary>What everybody opens first: the newest of all posts.</summary>
    public static IAsyncEnumerable<JobRow> ReadNewest(this JobBoardDbContext db, int count, Guid caller, PublicAddress address) =>
        Newest(db, count, caller, address.Value);

    public static Task<bool> JobExistsAsync(this JobBoardDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Posts.AnyAsync(post => post.Id == id, cancellationToken);

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
