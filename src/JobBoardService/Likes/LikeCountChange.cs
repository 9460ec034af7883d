namespace Explaino.JobBoardService.Likes;

/// <summary>
/// What a post's like count was before a change, and which transaction changed it: with it a reader who pages through the most popular posts goes on
/// in the order that his first page had (docs/adr/0011). Kept for a quarter of an hour.
/// </summary>
public sealed class LikeCountChange
{
    public required Guid PostId { get; init; }

    /// <summary>Counts the changes of one post.</summary>
    public required long Version { get; init; }

    public required int LikeCountBefore { get; init; }

    /// <summary>The transaction's id, to be held against a snapshot.</summary>
    public required ulong ChangedIn { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
