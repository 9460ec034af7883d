namespace Explaino.ProfileService.Resumes;

internal sealed record ResumeResponse(Guid Id, string FileName, string ContentType, long Size, int Version, DateTimeOffset UploadedAt)
{
    public static ResumeResponse From(Resume resume) => new(
        resume.Id, resume.FileName, resume.ContentType, resume.Size, resume.Version, resume.UploadedAt);
}
