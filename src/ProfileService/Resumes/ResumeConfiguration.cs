using Explaino.ProfileService.Profiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Resumes;

internal sealed class ResumeConfiguration : IEntityTypeConfiguration<Resume>
{
    public void Configure(EntityTypeBuilder<Resume> builder)
    {
        builder.ToTable("resume");
        builder.HasIndex(resume => resume.UserId).IsUnique().HasDatabaseName("ux_resume_user_id");
        builder.HasIndex(resume => resume.FileKey).IsUnique().HasDatabaseName("ux_resume_file_key");
        ProfileConfiguration.Own(builder, "resume", resume => resume.UserId);
    }
}
