using System.Security.Claims;
using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceFiles.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Resumes;

internal static class ResumeEndpoints
{
    public static void MapResumes(this IEndpointRouteBuilder profiles)
    {
        var group = profiles.MapGroup("").WithTags("Resume");
        group.MapGet("/{userId:guid}/resume", GetResume).WithName(nameof(GetResume)).WithSummary("Get the metadata of a user's résumé").WithETag();
        group.MapGet("/{userId:guid}/resume/file", DownloadResume).WithName(nameof(DownloadResume)).WithSummary("Download a user's résumé")
            .ServesFile(ResumeFormat.Pdf.ContentType, ResumeFormat.Docx.ContentType);
        group.MapPut("/me/resume", UploadResume).WithName(nameof(UploadResume)).WithSummary("Upload your résumé, in place of the former one")
            .AcceptsFile(ResumeFiles.MaximumSize, "A PDF or DOCX document of at most 5 MiB.").HonoursIfMatch();
        group.MapDelete("/me/resume", DeleteResume).WithName(nameof(DeleteResume)).WithSummary("Delete your résumé").HonoursIfMatch();
    }

    private static async Task<Results<Ok<ResumeResponse>, ProblemHttpResult>> GetResume(
        Guid userId, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var resume = await db.Resumes.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken);
        return resume is null
            ? await db.RefuseUnlessKnownAsync(userId, user, cancellationToken) ?? NotFound()
            : TypedResults.Ok(ResumeResponse.From(resume));
    }

    private static async Task<Results<FileResponse, ProblemHttpResult>> DownloadResume(
        Guid userId, HttpResponse http, ClaimsPrincipal user, ProfileDbContext db, IFileStore files, CancellationToken cancellationToken)
    {
        Guid? missing = null;
        while (true)
        {
            var resume = await db.Resumes.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken);
            if (resume is null || resume.FileKey == missing)
            {
                return await db.RefuseUnlessKnownAsync(userId, user, cancellationToken) ?? NotFound();
            }

            if (await files.OpenAsync(resume.FileKey, cancellationToken) is { } content)
            {
                http.Headers.CacheControl = "private, no-cache";
                return FileResponse.Of(content, resume.ContentType, resume.FileKey, resume.UploadedAt, resume.FileName);
            }

            // Replaced between the row and the file: the row names another by now.
            missing = resume.FileKey;
        }
    }

    private static async Task<Results<Ok<ResumeResponse>, ProblemHttpResult>> UploadResume(
        HttpRequest http, ClaimsPrincipal user, ProfileDbContext db, IFileStore files, FileDisposal disposal, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if ((await Upload.ReceiveAsync(http, ResumeFiles.MaximumSize, cancellationToken)).IsProblem(out var unreadable, out var upload))
        {
            return unreadable;
        }

        await using (upload)
        {
            if (await ResumeFormat.DetectAsync(upload.Content, cancellationToken) is not { } format)
            {
                return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "resume_format_not_accepted", "A résumé is a PDF or DOCX document.");
            }

            var key = await files.SaveAsync(upload.Content, cancellationToken);
            if ((await NameAsync(key, upload, format, http, user, db, clock, cancellationToken)).IsProblem(out var problem, out var named))
            {
                await disposal.DiscardAsync(key);
                return problem;
            }

            if (named.Replaced is { } former)
            {
                await disposal.DiscardAsync(former);
            }

            return TypedResults.Ok(ResumeResponse.From(named.Resume));
        }
    }

    /// <summary>Makes the saved file the user's résumé.</summary>
    private static async Task<ProblemOr<NamedResume>> NameAsync(
        Guid key,
        Upload upload,
        ResumeFormat format,
        HttpRequest http,
        ClaimsPrincipal user,
        ProfileDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var userId = user.Id();
        var resume = await db.Resumes.SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken);
        if (http.ForbidsChange(resume is null ? null : ResumeResponse.From(resume)))
        {
            return Problems.PreconditionFailed();
        }

        var replaced = resume?.FileKey;
        var fileName = FileNames.WithExtension(upload.FileName, format.Extension, fallback: "resume");
        var (size, now) = (upload.Content.Length, clock.GetUtcNow());
        if (resume is null)
        {
            resume = new Resume
            {
                Id = Guid.CreateVersion7(),
                UserId = userId,
                FileKey = key,
                FileName = fileName,
                ContentType = format.ContentType,
                Size = size,
                UploadedAt = now,
            };
            db.Add(resume);
        }

        resume.FileKey = key;
        resume.FileName = fileName;
        resume.ContentType = format.ContentType;
        resume.Size = size;
        resume.UploadedAt = now;
        resume.Version++;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new NamedResume(resume, replaced);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteResume(
        HttpRequest http, ClaimsPrincipal user, ProfileDbContext db, FileDisposal disposal, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var userId = user.Id();
        if (await db.Resumes.SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken) is not { } resume)
        {
            return NotFound();
        }

        if (http.ForbidsChange(ResumeResponse.From(resume)))
        {
            return Problems.PreconditionFailed();
        }

        db.Remove(resume);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await disposal.DiscardAsync(resume.FileKey);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NotFound() => Problems.NotFound("resume_not_found", "This person has no résumé here.");

    /// <param name="Replaced">The file that it had before.</param>
    private sealed record NamedResume(Resume Resume, Guid? Replaced);
}

internal sealed record ResumeResponse(Guid Id, string FileName, string ContentType, long Size, int Version, DateTimeOffset UploadedAt)
{
    public static ResumeResponse From(Resume resume) => new(
        resume.Id, resume.FileName, resume.ContentType, resume.Size, resume.Version, resume.UploadedAt);
}
