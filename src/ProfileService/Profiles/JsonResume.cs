using System.Text.Json.Serialization;
using Explaino.ProfileService.Collections;
using Explaino.ServiceDefaults.Text;

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
            .. Present(profile),
            .. profile.Experience.Select(job => ResumeWork.From(job, kind: null)),
            .. profile.Internships.Select(job => ResumeWork.From(job, "internship")),
        ],
        [.. profile.Education.Select(ResumeEducation.From)],
        [
            .. profile.Certificates.Select(item => new ResumeCertificate(
                item.Title, SchemaDate.Of(item.IssueDate), item.Issuer, SchemaUri.Of(item.CertificateUrl), Expires: null)),
            .. profile.Certifications.Select(item => new ResumeCertificate(
                item.Name, SchemaDate.Of(item.IssuedOn), Filled(item.Issuer), SchemaUri.Of(item.Url), SchemaDate.Of(item.ExpiresOn))),
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
        [
            .. profile.Projects.Select(item => new ResumeProject(
                item.Name, Filled(item.Description), SchemaDate.Of(item.StartDate), SchemaDate.Of(item.EndDate), SchemaUri.Of(item.Url))),
        ]);

    /// <summary>Null for nothing and for what rows of earlier versions hold in its place.</summary>
    internal static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>The company and role of now, unless the experience tells of that company anyway.</summary>
    private static IEnumerable<ResumeWork> Present(ProfileResponse profile)
    {
        var (company, role) = (Filled(profile.CurrentCompany), Filled(profile.CurrentRole));
        var told = company is null
            ? role is null || Filled(profile.Headline) is null
            : profile.Experience.Any(job => TextFolding.Key(job.Company) == TextFolding.Key(company));
        return told ? [] : [new ResumeWork(company, role, null, null, null, null, null)];
    }
}

internal sealed record ResumeBasics(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ResumeLocation? Location,
    IReadOnlyList<ResumeAccount> Profiles)
{
    public static ResumeBasics From(ProfileResponse profile) => new(
        Joined(" ", profile.FirstName, profile.LastName) ?? JsonResume.Filled(profile.Username),
        JsonResume.Filled(profile.Headline) ?? JsonResume.Filled(profile.CurrentRole),
        SchemaUri.Of(profile.ProfileImage),
        SchemaUri.Of(profile.PortfolioUrl),
        Joined("\n\n", profile.About, profile.Bio == profile.About ? null : profile.Bio),
        JsonResume.Filled(profile.Location) is { } location ? new ResumeLocation(location) : null,
        [
            .. JsonResume.Filled(profile.Username) is { } username ? [new ResumeAccount("Explaino", username, null)] : Array.Empty<ResumeAccount>(),
            .. new[] { (Network: "LinkedIn", Url: SchemaUri.Of(profile.LinkedinUrl)), (Network: "GitHub", Url: SchemaUri.Of(profile.GithubUrl)) }
                .Where(account => account.Url is not null)
                .Select(account => new ResumeAccount(account.Network, null, account.Url)),
        ]);

    private static string? Joined(string separator, params string?[] texts) =>
        JsonResume.Filled(string.Join(separator, texts.Select(JsonResume.Filled).OfType<string>()));
}

internal sealed record ResumeLocation(string Address);

internal sealed record ResumeAccount(
    string Network,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Username,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);

/// <param name="Type">Not of the schema, which allows more: an internship says so.</param>
internal sealed record ResumeWork(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Location,
    [property: JsonPropertyName("startDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StartDate,
    [property: JsonPropertyName("endDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EndDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type)
{
    public static ResumeWork From(EmploymentResponse job, string? kind) => new(
        job.Company, job.Title, JsonResume.Filled(job.Location), SchemaDate.Of(job.StartDate), SchemaDate.Of(job.EndDate), JsonResume.Filled(job.Description), kind);
}

/// <param name="Summary">Not of the schema, which allows more and has no place for a description.</param>
internal sealed record ResumeEducation(
    string Institution,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Area,
    [property: JsonPropertyName("studyType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StudyType,
    [property: JsonPropertyName("startDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StartDate,
    [property: JsonPropertyName("endDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EndDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Summary)
{
    public static ResumeEducation From(EducationResponse school) => new(
        school.Institution,
        JsonResume.Filled(school.FieldOfStudy),
        JsonResume.Filled(school.Degree),
        SchemaDate.Of(school.StartDate),
        SchemaDate.Of(school.EndDate),
        JsonResume.Filled(school.Description));
}

/// <param name="Expires">Not of the schema, which allows more.</param>
internal sealed record ResumeCertificate(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Date,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Issuer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Expires);

internal sealed record ResumeSkill(string Name, IReadOnlyList<string> Keywords);

internal sealed record ResumeLanguage(string Language);

internal sealed record ResumeInterest(string Name);

internal sealed record ResumeProject(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonPropertyName("startDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StartDate,
    [property: JsonPropertyName("endDate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EndDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);
