using Explaino.ProfileService.Data;

namespace Explaino.ProfileService.Resumes;

/// <summary>The files of résumés.</summary>
internal static class ResumeFiles
{
    public const long MaximumSize = 5 * 1024 * 1024;

    /// <summary>Those of the files that are somebody's résumé.</summary>
    public static IQueryable<Guid> Named(ProfileDbContext db, IReadOnlyCollection<Guid> keys) =>
        db.Resumes.Where(resume => keys.Contains(resume.FileKey)).Select(resume => resume.FileKey);
}
