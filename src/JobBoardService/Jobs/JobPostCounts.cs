namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// How many liked and commented a post, changed only in the statement or transaction that changes what is counted. Whoever adds or removes likes,
/// comments or posts takes this row's lock first (several: in the order of their ids), which makes the counts exact and deadlocks impossible.
/// </summary>
public sealed class JobPostCounts
{
    public required Guid PostId { get; init; }

    public int LikeCount { get; init; }

    public int CommentCount { get; init; }

    /// <summary>Counts the changes of <see cref="LikeCount"/>.</summary>
    public long LikeVersion { get; init; }
}
