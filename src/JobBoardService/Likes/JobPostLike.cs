using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

internal sealed class JobPostLikeConfiguration : IEntityTypeConfiguration<JobPostLike>
{
    public void Configure(EntityTypeBuilder<JobPostLike> builder)
    {
        builder.ToTable("job_post_likes");
        builder.HasKey(like => like.Id).HasName("pk_job_post_likes");
        builder.Property(like => like.Id).ValueGeneratedNever();
        builder.HasOne<JobPost>().WithMany(post => post.Likes).HasForeignKey(like => like.PostId)
            .HasConstraintName("fk_job_post_likes_post_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(like => like.User).WithMany().HasForeignKey(like => like.UserId)
            .HasConstraintName("fk_job_post_likes_user_id").OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(like => new { like.PostId, like.UserId }).IsUnique().HasDatabaseName("ux_job_post_likes_post_id_user_id");
        builder.HasIndex(like => new { like.PostId, like.CreatedAt, like.Id }).IsCreatedConcurrently().HasDatabaseName("ix_job_post_likes_latest");

        // The order of version 1.0, which may serve beside this one (docs/adr/0022).
        builder.HasIndex(like => new { like.PostId, like.Id }).HasDatabaseName("ix_job_post_likes_newest");
        builder.HasIndex(like => like.UserId).HasDatabaseName("ix_job_post_likes_user_id");
    }
}

internal sealed class LikeCountChangeConfiguration : IEntityTypeConfiguration<LikeCountChange>
{
    public void Configure(EntityTypeBuilder<LikeCountChange> builder)
    {
        builder.ToTable("job_post_like_count_changes");
        builder.HasKey(change => new { change.PostId, change.Version }).HasName("pk_job_post_like_count_changes");
        builder.Property(change => change.ChangedIn).HasColumnType("xid8");
        builder.HasIndex(change => change.ChangedIn).HasDatabaseName("ix_job_post_like_count_changes_changed_in");
        builder.HasIndex(change => change.ChangedAt).HasDatabaseName("ix_job_post_like_count_changes_changed_at");
    }
}
