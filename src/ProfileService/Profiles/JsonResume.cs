using System.Text.Json.Serialization;

namespace Explaino.ProfileService.Profiles;

/// <summary>A profile in the JSON Resume schema 1.0.0, whose members are camelCase and absent rather than null.</summary>
internal sealed record JsonResume(
    ResumeBasics Basics,
    IReadOnlyList<ResumeWork> Work,
    IReadOnlyList<ResumeEducation> Education,
    IReadOnlyList<ResumeCertificate> Certificates,
    IReadOnlyList<ResumeSkill> Skills,
    IReadOnlyList<ResumeLanguage> Languages,
    IReadOnlyList<ResumeInterest> Interests,
    IReadOnlyList<ResumeProject> Projects)
{
    [JsonPropertyName("$schema")]
    public string Schema { get; init; } = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json";

    public static JsonResume From(ProfileResponse profile) => new(
        ResumeBasics.From(profile),
        [
            .. profile.Experience.Concat(profile.Internships)
                .Select(job => new ResumeWork(job.Company, job.Title, job.Location, job.StartDate, job.EndDate, job.Description)),
        ],
        [.. profile.Education.Select(school => new ResumeEducation(
            school.Institution, school.FieldOfStudy, school.Degree, school.StartDate, school.EndDate))],
        [
            .. profile.Certificates.Select(item => new ResumeCertificate(item.Title, item.IssueDate, item.Issuer, item.CertificateUrl)),
            .. profile.Certifications.Select(item => new ResumeCertificate(item.Name, item.IssuedOn, item.Issuer, item.Url)),
        ],
        [
            .. new ResumeSkill[]
            {
                new("Specializations", [.. profile.Specializations.Select(item => item.Name)]),
                new("Skills", [.. profile.Skills.Select(item => item.Name)]),
                new("Tech stack", [.. profile.TechStack.Select(item => item.Name)]),
                new("Frameworks", [.. profile.Frameworks.Select(item => item.Name)]),
                new("Communication skills", [.. profile.CommunicationSkills.Select(item => item.Name)]),
                new("Soft skills", [.. profile.SoftSkills.Select(item => item.Name)]),
            }.Where(skill => skill.Keywords.Count > 0),
        ],
        [.. profile.Languages.Select(item => new ResumeLanguage(item.Name))],
        [.. profile.Hobbies.Select(item => new ResumeInterest(item.Name))],
        [.. profile.Projects.Select(item => new ResumeProject(item.Name, item.Description, item.StartDate, item.EndDate, item.Url))]);
}

internal sealed record ResumeBasics(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ResumeLocation? Location,
    IReadOnlyList<ResumeAccount> Profiles)
{
    public static ResumeBasics From(ProfileResponse profile) => new(
        string.Join(' ', new[] { profile.FirstName, profile.LastName }.Where(name => name is not null)) is { Length: > 0 } name
            ? name
            : profile.Username ?? "",
        profile.Headline ?? profile.CurrentRole,
        profile.ProfileImage,
        profile.PortfolioUrl,
        profile.About ?? profile.Bio,
        profile.Location is { } location ? new ResumeLocation(location) : null,
        [
            .. new[] { (Network: "LinkedIn", Url: profile.LinkedinUrl), (Network: "GitHub", Url: profile.GithubUrl) }
                .Where(account => account.Url is not null)
                .Select(account => new ResumeAccount(account.Network, account.Url!)),
        ]);
}

internal sealed record ResumeLocation(string Address);

internal sealed record ResumeAccount(string Network, string Url);

internal sealed record ResumeWork(
    string Name,
    string Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Location,
    [property: JsonPropertyName("startDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? StartDate,
    [property: JsonPropertyName("endDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? EndDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Summary);

internal sealed record ResumeEducation(
    string Institution,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Area,
    [property: JsonPropertyName("studyType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StudyType,
    [property: JsonPropertyName("startDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? StartDate,
    [property: JsonPropertyName("endDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? EndDate);

internal sealed record ResumeCertificate(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? Date,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Issuer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);

internal sealed record ResumeSkill(string Name, IReadOnlyList<string> Keywords);

internal sealed record ResumeLanguage(string Language);

internal sealed record ResumeInterest(string Name);

internal sealed record ResumeProject(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonPropertyName("startDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? StartDate,
    [property: JsonPropertyName("endDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? EndDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);
