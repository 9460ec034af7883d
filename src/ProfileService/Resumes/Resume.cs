namespace Explaino.ProfileService.Resumes;

/// <summary>A person's résumé: what is known of the file, and the key of its bytes.</summary>
internal sealed class Resume
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required Guid FileKey { get; set; }

    public required string FileName { get; set; }

    public required string ContentType { get; set; }

    public required long Size { get; set; }

    /// <summary>Counts the files that it has been.</summary>
    public int Version { get; set; }

    public required DateTimeOffset UploadedAt { get; set; }
}
