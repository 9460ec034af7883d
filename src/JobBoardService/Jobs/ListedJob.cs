using System.Linq.Expressions;

namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// A post's place in a list, for one reader: what differs from reader to reader or changes with every like, and the versions of the rest, which is rendered once for
/// all of them (<see cref="RenderedJobs"/>).
/// </summary>
internal sealed record ListedJob(
    Guid Id,
    DateTimeOffset CreatedAt,
    JobVersion Version,
    int LikeCount,
    int CommentCount,
    bool LikedByMe,
    float Rank,
    int LikeCountThen,
    string? Snapshot)
{
    // One tree for all queries, compiled ones too.
    public static readonly Expression<Func<FoundJob, ListedJob>> From = found => new ListedJob(
        found.Post.Id,
        found.Post.CreatedAt,
        new JobVersion(found.Post.UpdatedAt, found.Post.Author.Version, found.Post.Author.DeletedAt != null),
        found.Post.Counts.LikeCount,
        found.Post.Counts.CommentCount,
        found.Post.Likes.Any(like => like.UserId == found.Caller),
        found.Rank,
        found.LikeCount,
        found.Snapshot);
}

/// <summary>Version of what a post shows: changes of the post and its images make <paramref name="UpdatedAt"/> later, always; the author's copy counts its own.</summary>
internal readonly record struct JobVersion(DateTimeOffset UpdatedAt, long Author, bool IsAuthorDeleted);
