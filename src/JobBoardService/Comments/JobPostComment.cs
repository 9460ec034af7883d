using Explaino.ServiceData.People;

namespace Explaino.JobBoardService.Comments;

/// <summary>What somebody said about a post.</summary>
public sealed class JobPostComment
{
    public required Guid Id { get; init; }

    public required Guid PostId { get; init; }

    public required Guid UserId { get; init; }

    public Person User { get; init; } = null!;

    public required string Content { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}
