using Explaino.ProfileService.Certificates;
using Explaino.ProfileService.Collections;
using Explaino.ProfileService.Resumes;
using Explaino.ProfileService.Specializations;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ProfileService.Profiles;

/// <summary>All that a user may change of their profile's own members.</summary>
[ValidatableType]
public sealed record ProfileRequest(
    [property: Text(1000, Multiline = true)] string? About,
    [property: Text(150)] string? Headline,
    [property: Text(150)] string? Location,
    [property: Text(150)] string? CurrentCompany,
    [property: Text(150)] string? CurrentRole,
    [property: HttpUrl] string? LinkedinUrl,
    [property: HttpUrl] string? GithubUrl,
    [property: HttpUrl] string? PortfolioUrl)
{
    internal static ProfileRequest From(Profile profile) => new(
        profile.About,
        profile.Headline,
        profile.Location,
        profile.CurrentCompany,
        profile.CurrentRole,
        profile.LinkedinUrl,
        profile.GithubUrl,
        profile.PortfolioUrl);
}

/// <summary>A whole profile in one answer. Read as the database's own JSON: see <see cref="ProfileStatements"/>.</summary>
internal sealed record ProfileResponse : IPartlyEditable
{
    public required Guid Id { get; init; }

    public string? Username { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Bio { get; init; }

    public string? ProfileImage { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? About { get; init; }

    public string? Headline { get; init; }

    public string? Location { get; init; }

    public string? CurrentCompany { get; init; }

    public string? CurrentRole { get; init; }

    public string? LinkedinUrl { get; init; }

    public string? GithubUrl { get; init; }

    public string? PortfolioUrl { get; init; }

    public IReadOnlyList<UserSpecializationResponse> Specializations { get; init; } = [];

    public IReadOnlyList<CertificateResponse> Certificates { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> Skills { get; init; } = [];

    public IReadOnlyList<EducationResponse> Education { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> TechStack { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> Languages { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> Frameworks { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> CommunicationSkills { get; init; } = [];

    public IReadOnlyList<CertificationResponse> Certifications { get; init; } = [];

    public IReadOnlyList<ProjectResponse> Projects { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> SoftSkills { get; init; } = [];

    public IReadOnlyList<NamedItemResponse> Hobbies { get; init; } = [];

    public IReadOnlyList<EmploymentResponse> Experience { get; init; } = [];

    public IReadOnlyList<EmploymentResponse> Internships { get; init; } = [];

    public ResumeResponse? Resume { get; init; }

    object IPartlyEditable.Editable => new ProfileRequest(About, Headline, Location, CurrentCompany, CurrentRole, LinkedinUrl, GithubUrl, PortfolioUrl);
}
