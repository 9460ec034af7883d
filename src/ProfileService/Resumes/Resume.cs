using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

/// <summary>The files of résumés.</summary>
internal static class ResumeFiles
{
    public const long MaximumSize = 5 * 1024 * 1024;

    /// <summary>Those of the files that are somebody's résumé.</summary>
    public static IQueryable<Guid> Named(ProfileDbContext db, IReadOnlyCollection<Guid> keys) =>
        db.Resumes.Where(resume => keys.Contains(resume.FileKey)).Select(resume => resume.FileKey);
}
