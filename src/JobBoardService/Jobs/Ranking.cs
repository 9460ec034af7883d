using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// The board by relevance: every page in the order that the first one was read in, while posts are edited (docs/adr/0044). A post that was edited by a
/// transaction that the first page's snapshot does not see is ranked by what it said before the first such edit.
/// </summary>
internal static class Ranking
{
    /// <summary>What follows, in one or two parts.</summary>
    public static IQueryable<FoundJob>[] RankedAfter(
        this JobBoardDbContext db, IQueryable<JobPost> posts, string words, RankKey? after, Guid caller, string address, DateTimeOffset now)
    {
        var queries = db.TextQuery(words);
        var present =
            from query in queries
            from post in posts
            where post.Words!.Matches(query.Query)
            select new FoundJob
            {
                Post = post,
                Caller = caller,
                PublicAddress = address,
                Rank = post.Words!.Rank(query.Query),
                LikeCount = 0,
                Snapshot = query.Snapshot,
            };
        if (after is null)
        {
            return [InOrder(present, after)];
        }

        if (CompactSnapshot.Expand(after.Snapshot) is not { } snapshot || after.ReadAt < now - PopularityPages.SnapshotLifetime)
        {
            return [InOrder(present, after)];
        }

        var changes = db.SearchChanges.FromSql(
            $"""
            SELECT DISTINCT ON (post_id) * FROM job_post_search_changes
            WHERE changed_in >= pg_snapshot_xmin({snapshot}::pg_snapshot) AND NOT pg_visible_in_snapshot(changed_in, {snapshot}::pg_snapshot)
            ORDER BY post_id, id
            """);
        var former =
            from query in queries
            from change in changes
            join post in posts on change.PostId equals post.Id
            where change.WordsBefore.Matches(query.Query)
            select new FoundJob
            {
                Post = post,
                Caller = caller,
                PublicAddress = address,
                Rank = change.WordsBefore.Rank(query.Query),
                LikeCount = 0,
                Snapshot = null,
            };
        return [InOrder(present.Where(job => !changes.Any(change => change.PostId == job.Post.Id)), after), InOrder(former, after)];
    }

    private static IQueryable<FoundJob> InOrder(IQueryable<FoundJob> jobs, RankKey? after)
    {
        if (after is not null)
        {
            jobs = jobs.Where(job => EF.Functions.LessThan(ValueTuple.Create(job.Rank, job.Post.Id), ValueTuple.Create(after.Rank, after.Id)));
        }

        return jobs.OrderByDescending(job => job.Rank).ThenByDescending(job => job.Post.Id);
    }
}

/// <summary>Where a reader of a ranked list is, and the snapshot and time of the first page.</summary>
internal sealed record RankKey(float Rank, Guid Id, string? Snapshot, DateTimeOffset ReadAt)
{
    /// <summary>The place after a row; what the first page saw is handed on from cursor to cursor.</summary>
    public static RankKey After(ListedJob row, RankKey? before, DateTimeOffset now) => before is null
        ? new(row.Rank, row.Id, CompactSnapshot.Of(row.Snapshot!), now)
        : before with { Rank = row.Rank, Id = row.Id };
}
