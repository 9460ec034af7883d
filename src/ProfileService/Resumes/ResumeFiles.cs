using Explaino.ProfileService.Data;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceFiles.Storage;

namespace Explaino.ProfileService.Resumes;

/// <summary>The files of résumés.</summary>
internal static class ResumeFiles
{
    public const long MaximumSize = 5 * 1024 * 1024;

    /// <summary>Those of the files that are somebody's résumé.</summary>
    public static IQueryable<Guid> Named(ProfileDbContext db, IReadOnlyCollection<Guid> keys) =>
        db.Resumes.Where(resume => keys.Contains(resume.FileKey)).Select(resume => resume.FileKey);

    /// <summary>Deletes a file that no row names any more; if the store is away, the sweep does it later.</summary>
    public static async Task DiscardAsync(this IFileStore files, Guid key)
    {
        try
        {
            await files.DeleteAsync(key, CancellationToken.None);
        }
        catch (Exception e) when (Outage.Is(e) || e is IOException)
        {
            // An orphan from now on.
        }
    }
}
