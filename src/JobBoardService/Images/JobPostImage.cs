namespace Explaino.JobBoardService.Images;

/// <summary>An image of a post: a link its author gave, or a file that was uploaded.</summary>
public sealed class JobPostImage
{
    public required Guid Id { get; init; }

    public required Guid PostId { get; init; }

    /// <summary>0 to 9, one image each: the database lets no post have more.</summary>
    public required int Position { get; init; }

    public string? Url { get; init; }

    public Guid? StorageKey { get; init; }

    public string? ContentType { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static JobPostImage Link(Guid postId, int position, string url, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), PostId = postId, Position = position, Url = url, CreatedAt = now };

    /// <summary>Where anyone finds an uploaded image.</summary>
    public static string AddressOf(string publicAddress, Guid postId, Guid imageId) => $"{publicAddress}/api/jobs/{postId}/images/{imageId}";
}
