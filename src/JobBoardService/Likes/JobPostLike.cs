using Explaino.ServiceData.People;

namespace Explaino.JobBoardService.Likes;

/// <summary>That somebody likes a post: at most once.</summary>
public sealed class JobPostLike
{
    public required Guid Id { get; init; }

    public required Guid PostId { get; init; }

    public required Guid UserId { get; init; }

    public Person User { get; init; } = null!;

    public required DateTimeOffset CreatedAt { get; init; }
}
