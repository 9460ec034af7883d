using System.Collections.Concurrent;
using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>Reads single posts, and the page that everybody opens first.</summary>
internal static class JobQueries
{
    // Compiled: to take these apart and find them in its cache costs Entity Framework a quarter of a whole request.
    private static readonly Func<JobBoardDbContext, Guid, Guid, string, CancellationToken, Task<JobProjection?>> Job = EF.CompileAsyncQuery(
        (JobBoardDbContext db, Guid id, Guid caller, string address, CancellationToken _) => db.Posts
            .Where(post => post.Id == id)
            .Select(post => new FoundJob { Post = post, Caller = caller, PublicAddress = address, Rank = 0, LikeCount = 0, Snapshot = null })
            .Select(JobProjection.From)
            .SingleOrDefault());

    private static readonly Func<JobBoardDbContext, Guid[], string, IAsyncEnumerable<JobProjection>> Jobs = EF.CompileAsyncQuery(
        (JobBoardDbContext db, Guid[] ids, string address) => db.Posts
            .Where(post => ids.Contains(post.Id))
            .Select(post => new FoundJob { Post = post, Caller = Guid.Empty, PublicAddress = address, Rank = 0, LikeCount = 0, Snapshot = null })
            .Select(JobProjection.From));

    // One for each count, which is a literal of its statement (RowLimit).
    private static readonly ConcurrentDictionary<int, Func<JobBoardDbContext, Guid, IAsyncEnumerable<ListedJob>>> Newest = new();

    /// <summary>The post as the caller sees it, in one statement.</summary>
    public static async Task<JobResponse?> ReadJobAsync(
        this JobBoardDbContext db, Guid id, ClaimsPrincipal caller, PublicAddress address, CancellationToken cancellationToken) =>
        (await Job(db, id, caller.Id(), address.Value, cancellationToken))?.Job;

    /// <summary>What everybody opens first: the newest of all posts.</summary>
    public static IAsyncEnumerable<ListedJob> ReadNewest(this JobBoardDbContext db, int count, Guid caller) => Newest.GetOrAdd(count, CompileNewest)(db, caller);

    /// <summary>Whole posts, for any reader: whether they like them is not asked.</summary>
    public static IAsyncEnumerable<JobProjection> ReadJobs(this JobBoardDbContext db, Guid[] ids, PublicAddress address) => Jobs(db, ids, address.Value);

    public static Task<bool> JobExistsAsync(this JobBoardDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Posts.AnyAsync(post => post.Id == id, cancellationToken);

    private static Func<JobBoardDbContext, Guid, IAsyncEnumerable<ListedJob>> CompileNewest(int count) => EF.CompileAsyncQuery(
        (JobBoardDbContext db, Guid caller) => db.Posts
            .Where(post => !db.Set<Block>().Any(block => block.BlockerId == caller && block.BlockedId == post.AuthorId && block.IsActive))
            .OrderByDescending(post => post.CreatedAt)
            .ThenByDescending(post => post.Id)
            .Take(count)
            .Select(post => new FoundJob { Post = post, Caller = caller, PublicAddress = "", Rank = 0, LikeCount = 0, Snapshot = null })
            .Select(ListedJob.From));
}
