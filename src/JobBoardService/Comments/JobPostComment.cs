using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

    public static JobPostComment By(Guid userId, Guid postId, string content, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), PostId = postId, UserId = userId, Content = content, CreatedAt = now, UpdatedAt = now };

    /// <summary>The event that has a moderator look at a comment that says this.</summary>
    public OutboxMessage Flag(string content, DateTimeOffset now) => OutboxMessage.Of(
        ReportTaking.FlagOf(new("jobs", ReportedType.Comment, Id, PostId, UserId, new ContentSnapshot(null, content, [], [], now)), now), UserId, now);
}

internal sealed class JobPostCommentConfiguration : IEntityTypeConfiguration<JobPostComment>
{
    public void Configure(EntityTypeBuilder<JobPostComment> builder)
    {
        builder.ToTable("job_post_comments");
        builder.HasKey(comment => comment.Id).HasName("pk_job_post_comments");
        builder.Property(comment => comment.Id).ValueGeneratedNever();
        builder.HasOne<JobPost>().WithMany().HasForeignKey(comment => comment.PostId)
            .HasConstraintName("fk_job_post_comments_post_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(comment => comment.User).WithMany().HasForeignKey(comment => comment.UserId)
            .HasConstraintName("fk_job_post_comments_user_id").OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(comment => new { comment.PostId, comment.CreatedAt, comment.Id }).IsCreatedConcurrently().HasDatabaseName("ix_job_post_comments_oldest");

        // The order of version 1.0, which may serve beside this one (docs/adr/0022).
        builder.HasIndex(comment => new { comment.PostId, comment.Id }).HasDatabaseName("ix_job_post_comments_post_id");
        builder.HasIndex(comment => comment.UserId).HasDatabaseName("ix_job_post_comments_user_id");
    }
}
