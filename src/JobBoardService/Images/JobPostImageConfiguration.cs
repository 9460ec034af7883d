using Explaino.JobBoardService.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.JobBoardService.Images;

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
        builder.HasOne<JobPost>().WithMany(post => post.Images).HasForeignKey(image => image.PostId)
            .HasConstraintName("fk_job_post_images_post_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(image => new { image.PostId, image.Position }).IsUnique().HasDatabaseName("ux_job_post_images_post_id_position");
        builder.HasIndex(image => image.StorageKey).IsUnique().HasDatabaseName("ux_job_post_images_storage_key");
    }
}
