using System.Text.Json.Serialization;

namespace Explaino.Demo.Community;

/// <summary>All that a person shows of themselves; its members are named as the API names them.</summary>
internal sealed record Profile(
    About About,
    IReadOnlyList<string> Specializations,
    IReadOnlyList<Certificate> Certificates,
    IReadOnlyDictionary<string, IReadOnlyList<object>> Collections,
    bool HasResume);

internal sealed record About(
    [property: JsonPropertyName("about")] string Text,
    string Headline,
    string Location,
    string CurrentCompany,
    string CurrentRole,
    string GithubUrl,
    string PortfolioUrl);

internal sealed record Certificate(string Title, string Issuer, DateOnly IssueDate, string CertificateUrl);

internal sealed record Named(string Name);

internal sealed record Education(string Institution, string Degree, string FieldOfStudy, DateOnly StartDate, DateOnly EndDate);

internal sealed record Employment(
    string Company, string Title, string Location, DateOnly StartDate, DateOnly? EndDate, string Description);

internal sealed record Project(string Name, string Description, string Url, DateOnly StartDate);

internal sealed record Certification(string Name, string Issuer, DateOnly IssuedOn, string Url);
