using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.JobBoardService.Jobs;

internal sealed class JobPostConfiguration : IEntityTypeConfiguration<JobPost>
{
    /// <summary>The text search configuration that the first migration makes.</summary>
    public const string SearchLanguage = "explaino";

    public void Configure(EntityTypeBuilder<JobPost> builder)
    {
        builder.ToTable("job_posts");
        builder.HasKey(post => post.Id).HasName("pk_job_posts");
        builder.Property(post => post.Id).HasColumnName("post_id").ValueGeneratedNever();
        builder.Property(post => post.AuthorId).HasColumnName("author");
        builder.Property(post => post.EmploymentType).HasConversion<string>();
        builder.Property(post => post.Workplace).HasConversion<string>();
        builder.Property(post => post.Search).HasComputedColumnSql(
            "setweight(to_tsvector('explaino', title), 'A') || setweight(to_tsvector('explaino', job_post_tag_words(tags)), 'B') || "
            + "setweight(to_tsvector('explaino', coalesce(company, '')), 'C') || setweight(to_tsvector('explaino', description), 'D')",
            stored: true);

        // The database generates it, but nobody wants it back with every insertion.
        builder.Property(post => post.Search).ValueGeneratedNever();
        builder.Property(post => post.Search).Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Property(post => post.Search).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);

        builder.HasOne(post => post.Author).WithMany().HasForeignKey(post => post.AuthorId)
            .HasConstraintName("fk_job_posts_author").OnDelete(DeleteBehavior.Restrict);
        builder.HasOne(post => post.Counts).WithOne().HasForeignKey<JobPostCounts>(counts => counts.PostId)
            .HasConstraintName("fk_job_post_counts_post_id").OnDelete(DeleteBehavior.Cascade);

        builder.HasIndex(post => new { post.CreatedAt, post.Id }).HasDatabaseName("ix_job_posts_newest");
        builder.HasIndex(post => new { post.AuthorId, post.CreatedAt, post.Id }).HasDatabaseName("ix_job_posts_author");
        builder.HasIndex(post => new { post.EmploymentType, post.CreatedAt, post.Id }).HasDatabaseName("ix_job_posts_employment_type");
        builder.HasIndex(post => new { post.Workplace, post.CreatedAt, post.Id }).HasDatabaseName("ix_job_posts_workplace");
        builder.HasIndex(post => post.ClosesAt).HasFilter("closes_at IS NOT NULL").HasDatabaseName("ix_job_posts_closes_at");
        builder.HasIndex(post => post.Tags).HasMethod("gin").HasDatabaseName("ix_job_posts_tags");
        builder.HasIndex(post => post.Location).HasMethod("gin").HasOperators("gin_trgm_ops").HasDatabaseName("ix_job_posts_location");
        builder.HasIndex(post => post.Search).HasMethod("gin").HasDatabaseName("ix_job_posts_search");
    }
}

internal sealed class JobPostCountsConfiguration : IEntityTypeConfiguration<JobPostCounts>
{
    public void Configure(EntityTypeBuilder<JobPostCounts> builder)
    {
        builder.ToTable("job_post_counts", table => table.HasCheckConstraint("ck_job_post_counts", "like_count >= 0 AND comment_count >= 0"));
        builder.HasKey(counts => counts.PostId).HasName("pk_job_post_counts");
        builder.Property(counts => counts.PostId).ValueGeneratedNever();
        builder.HasIndex(counts => new { counts.LikeCount, counts.PostId }).HasDatabaseName("ix_job_post_counts_popular");
    }
}
