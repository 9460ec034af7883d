using Explaino.JobBoardService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.JobBoardService.Jobs;

/// <summary>How many like a post, or did when the list's first page was read.</summary>
public sealed class Standing
{
    public required Guid PostId { get; init; }

    public required int LikeCount { get; init; }

    /// <summary>The database's snapshot, on a first page.</summary>
    public string? Snapshot { get; init; }
}

/// <summary>
/// Keyset pages by popularity, as of a snapshot: every page in the order that the first one was read in, while likes come and go (docs/adr/0011). A post whose count was changed
/// by a transaction that the first page's snapshot does not see stands where it stood before the first such change.
/// </summary>
internal static class PopularityPages
{
    /// <summary>How long a reader may take over the list; later he goes on in the order of that moment.</summary>
    public static readonly TimeSpan SnapshotLifetime = TimeSpan.FromMinutes(15);

    /// <summary>Deletes what no reader's cursor needs any more, of counts and of <see cref="Ranking"/>.</summary>
    public static async Task ForgetAsync(JobBoardDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var forgotten = now - SnapshotLifetime - TimeSpan.FromMinutes(1);
        await db.LikeCountChanges.Where(change => change.ChangedAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        await db.SearchChanges.Where(change => change.ChangedAt < forgotten).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>What follows, in one or two parts, each of which is read in the order of its index.</summary>
    public static IQueryable<Standing>[] StandingsAfter(this JobBoardDbContext db, PopularKey? after, DateTimeOffset now)
    {
        var standings = db.Set<Standing>();
        if (after is null)
        {
            return [standings.FromSql($"SELECT post_id, like_count, pg_current_snapshot()::text AS snapshot FROM job_post_counts")];
        }

        if (CompactSnapshot.Expand(after.Snapshot) is not { } snapshot || after.ReadAt < now - SnapshotLifetime)
        {
            return
            [
                standings.FromSql(
                    $"""
                    SELECT post_id, like_count, NULL AS snapshot FROM job_post_counts WHERE (like_count, post_id) < ({after.LikeCount}, {after.Id})
                    """),
            ];
        }

        var unchanged = standings.FromSql(
            $"""
            SELECT post_id, like_count, NULL AS snapshot FROM job_post_counts
            WHERE (like_count, post_id) < ({after.LikeCount}, {after.Id}) AND post_id NOT IN (
                SELECT post_id FROM job_post_like_count_changes
                WHERE changed_in >= pg_snapshot_xmin({snapshot}::pg_snapshot) AND NOT pg_visible_in_snapshot(changed_in, {snapshot}::pg_snapshot))
            """);
        var changed = standings.FromSql(
            $"""
            SELECT post_id, like_count_before AS like_count, NULL AS snapshot FROM (
                SELECT DISTINCT ON (post_id) post_id, like_count_before
                FROM job_post_like_count_changes
                WHERE changed_in >= pg_snapshot_xmin({snapshot}::pg_snapshot) AND NOT pg_visible_in_snapshot(changed_in, {snapshot}::pg_snapshot)
                ORDER BY post_id, version) AS changed
            WHERE (like_count_before, post_id) < ({after.LikeCount}, {after.Id})
            """);
        return [unchanged, changed];
    }
}

/// <summary>Where a reader of the most popular posts is, and the snapshot and time of the first page.</summary>
internal sealed record PopularKey(int LikeCount, Guid Id, string? Snapshot, DateTimeOffset ReadAt)
{
    /// <summary>The place after a row; what the first page saw is handed on from cursor to cursor.</summary>
    public static PopularKey After(ListedJob row, PopularKey? before, DateTimeOffset now) => before is null
        ? new(row.LikeCountThen, row.Id, CompactSnapshot.Of(row.Snapshot!), now)
        : before with { LikeCount = row.LikeCountThen, Id = row.Id };
}

internal sealed class StandingConfiguration : IEntityTypeConfiguration<Standing>
{
    // Without a key EF Core could not tell whose images are whose.
    public void Configure(EntityTypeBuilder<Standing> builder) => builder.ToView(null).HasKey(standing => standing.PostId);
}
