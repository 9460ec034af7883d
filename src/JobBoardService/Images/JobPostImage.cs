using Explaino.JobBoardService.Jobs;
using Explaino.ServiceMedia.Pictures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

    /// <summary>In pixels, in the largest size. Null of a link, and of a file that the version before kept as it came.</summary>
    public int? Width { get; init; }

    public int? Height { get; init; }

    /// <summary>Its BlurHash.</summary>
    public string? Placeholder { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static JobPostImage Link(Guid postId, int position, string url, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), PostId = postId, Position = position, Url = url, CreatedAt = now };

    /// <summary>What was uploaded; null of a link.</summary>
    public NamedPicture? Picture => StorageKey is { } key ? new(key, ContentType!, Width is { } width ? Math.Max(width, Height!.Value) : null, CreatedAt) : null;

    /// <summary>Where anyone finds an uploaded image.</summary>
    public static string AddressOf(string publicAddress, Guid postId, Guid imageId) => $"{publicAddress}/api/jobs/{postId}/images/{imageId}";
}

internal sealed class JobPostImageConfiguration : IEntityTypeConfiguration<JobPostImage>
{
    public void Configure(EntityTypeBuilder<JobPostImage> builder)
    {
        builder.ToTable("job_post_images", table =>
        {
            table.HasCheckConstraint("ck_job_post_images_position", "position BETWEEN 0 AND 9");
            table.HasCheckConstraint("ck_job_post_images_source", "num_nonnulls(url, storage_key) = 1");
        });
        builder.HasKey(image => image.Id).HasName("pk_job_post_images");
        builder.Property(image => image.Id).ValueGeneratedNever();
        builder.Ignore(image => image.Picture);
        builder.HasOne<JobPost>().WithMany(post => post.Images).HasForeignKey(image => image.PostId)
            .HasConstraintName("fk_job_post_images_post_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(image => new { image.PostId, image.Position }).IsUnique().HasDatabaseName("ux_job_post_images_post_id_position");
        builder.HasIndex(image => image.StorageKey).IsUnique().HasDatabaseName("ux_job_post_images_storage_key");
    }
}
