using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.JobBoardService.Jobs;

internal sealed class JobPostConfiguration : IEntityTypeConfiguration<JobPost>
{
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

        // The database makes them, and nobody wants them back with every insertion.
        builder.Property(post => post.Search).IsWrittenByTheDatabase();
        builder.Property(post => post.Words).IsWrittenByTheDatabase();
        builder.Property(post => post.TagKeys).IsWrittenByTheDatabase();
        builder.Property(post => post.LocationKey).IsWrittenByTheDatabase();

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

        // What this version looks into; the same without "words", "keys" is for the version before (docs/adr/0022).
        builder.HasIndex(post => post.Words).HasMethod("gin").IsCreatedConcurrently().HasDatabaseName("ix_job_posts_words");
        builder.HasIndex(post => post.TagKeys).HasMethod("gin").IsCreatedConcurrently().HasDatabaseName("ix_job_posts_tag_keys");
        builder.HasIndex(post => post.LocationKey).HasMethod("gin").HasOperators("gin_trgm_ops").IsCreatedConcurrently().HasDatabaseName("ix_job_posts_location_key");
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
