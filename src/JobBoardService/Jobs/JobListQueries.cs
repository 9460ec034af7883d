using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Search;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// The three orders of the board, one statement a page each, two for later pages by popularity or rank (docs/adr/0011 and docs/adr/0044), and one for posts that this instance
/// has not shown as they are now.
/// </summary>
internal sealed class JobListQueries(JobBoardDbContext db, RenderedJobs renderedJobs, TimeProvider clock, PublicAddress address)
{
    public Task<Results<JobPage, ProblemHttpResult>> ReadAsync(
        JobFilter filter, PageRequest page, Guid caller, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return filter switch
        {
            { Sort: JobOrder.Popular } => ReadAsync<PopularKey>(
                filter,
                page,
                after => [.. Popular(Matching(), caller, after).Select(Rows)],
                (row, after) => PopularKey.After(row, after, now),
                cancellationToken),
            { Sort: null, Words: { } words } => ReadAsync<RankKey>(
                filter,
                page,
                after => [.. db.RankedAfter(filter.Apply(db, caller, now), words, after, caller, address.Value, now).Select(Rows)],
                (row, after) => RankKey.After(row, after, now),
                cancellationToken),
            _ => ReadAsync<NewestKey>(
                filter,
                page,
                after => [after is null && filter.IsEverything ? db.ReadNewest(page.Rows, caller) : Rows(Newest(Matching(), caller, after))],
                (row, _) => new(row.CreatedAt, row.Id),
                cancellationToken),
        };

        // Put together only where it is asked: what everybody opens first is compiled.
        IQueryable<JobPost> Matching() => filter.Words is not { } words
            ? filter.Apply(db, caller, now)
            : from post in filter.Apply(db, caller, now) from query in db.TextQuery(words) where post.Words!.Matches(query.Query) select post;

        // What a filter's values are decides how it is read best.
        IAsyncEnumerable<ListedJob> Rows(IQueryable<FoundJob> found) =>
            (filter.IsEverything ? found.TakePage(page) : found.Take(page.Rows)).Select(ListedJob.From).AsAsyncEnumerable();
    }

    private async Task<Results<JobPage, ProblemHttpResult>> ReadAsync<TKey>(
        JobFilter filter,
        PageRequest page,
        Func<TKey?, IAsyncEnumerable<ListedJob>[]> find,
        Func<ListedJob, TKey?, TKey> key,
        CancellationToken cancellationToken)
        where TKey : class
    {
        var list = filter.ListName();
        if (!page.TryRead<TKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var rows = new List<ListedJob>();
        var parts = find(after);
        foreach (var part in parts)
        {
            rows.AddRange(await part.ToListAsync(cancellationToken));
        }

        if (parts.Length > 1)
        {
            rows = [.. rows.OrderByDescending(row => row.Rank).ThenByDescending(row => row.LikeCountThen).ThenByDescending(row => row.Id).Take(page.Rows)];
        }

        var (items, cursor) = rows.ToPage(page, list, row => key(row, after));
        return new JobPage(items, await renderedJobs.ReadAsync(db, items, address, cancellationToken), cursor);
    }

    private IQueryable<FoundJob> Newest(IQueryable<JobPost> posts, Guid caller, NewestKey? after)
    {
        if (after is not null)
        {
            posts = posts.Where(post => EF.Functions.LessThan(ValueTuple.Create(post.CreatedAt, post.Id), ValueTuple.Create(after.CreatedAt, after.Id)));
        }

        return posts.OrderByDescending(post => post.CreatedAt).ThenByDescending(post => post.Id)
            .Select(post => new FoundJob { Post = post, Caller = caller, PublicAddress = address.Value, Rank = 0, LikeCount = 0, Snapshot = null });
    }

    // Each part is read by itself and cut off: merged in the database, all posts would be read and sorted for every page.
    private IQueryable<FoundJob>[] Popular(IQueryable<JobPost> posts, Guid caller, PopularKey? after) =>
    [
        .. db.StandingsAfter(after, clock.GetUtcNow()).Select(part =>
            from standing in part
            join post in posts on standing.PostId equals post.Id
            orderby standing.LikeCount descending, standing.PostId descending
            select new FoundJob
            {
                Post = post,
                Caller = caller,
                PublicAddress = address.Value,
                Rank = 0,
                LikeCount = standing.LikeCount,
                Snapshot = standing.Snapshot,
            }),
    ];

    private sealed record NewestKey(DateTimeOffset CreatedAt, Guid Id);
}
