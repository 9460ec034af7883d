using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.JobBoardService.Jobs;

/// <summary>A post as schema.org's JobPosting in JSON-LD, which search engines and other boards read, in the form that Google's validator asks for.</summary>
internal sealed record JobPosting(
    [property: JsonPropertyName("@context")] string Context,
    [property: JsonPropertyName("@type")] string Type,
    [property: JsonPropertyName("@id")] string Id,
    [property: JsonPropertyName("identifier")] JobPosting.PropertyValue Identifier,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("datePosted")] DateTimeOffset DatePosted,
    [property: JsonPropertyName("validThrough"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ValidThrough,
    [property: JsonPropertyName("employmentType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmploymentType,
    [property: JsonPropertyName("hiringOrganization")] JobPosting.Named HiringOrganization,
    [property: JsonPropertyName("jobLocation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobPosting.Place? JobLocation,
    [property: JsonPropertyName("jobLocationType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? JobLocationType,
    [property: JsonPropertyName("applicantLocationRequirements"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    JobPosting.Named? ApplicantLocationRequirements,
    [property: JsonPropertyName("keywords"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Keywords,
    [property: JsonPropertyName("image"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Image,
    [property: JsonPropertyName("url")] string Url)
{
    public const string MediaType = "application/ld+json";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    // Its readers put it into a page's script element, which a < could end.
    private static readonly JsonSerializerOptions Json =
        new(JsonConventions.Apply(new())) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Whether the request prefers this over plain JSON.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(MediaType) is > 0 and var wanted && wanted >= Quality("application/json");

        double Quality(string type) =>
            accepted.Where(candidate => candidate.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
                .Select(candidate => candidate.Quality ?? 1).DefaultIfEmpty().Max();
    }

    public static JsonHttpResult<JobPosting> Answer(JobResponse job, PublicAddress address) =>
        TypedResults.Json(Of(job, address), Json, MediaType, StatusCodes.Status200OK);

    private static JobPosting Of(JobResponse job, PublicAddress address)
    {
        var isRemote = job.Workplace == Workplace.Remote;
        var own = $"{address.Value}/api/jobs/{job.Id}";
        return new(
            "https://schema.org/",
            "JobPosting",
            own,
            new("PropertyValue", "Explaino", job.Id),
            job.Title,
            HtmlOf(job.Description),
            job.CreatedAt,
            job.ClosesAt,
            job.EmploymentType is { } employmentType ? NameOf(employmentType) : null,
            job.Company is { } company ? new("Organization", company) : new("Person", job.Author.Username),
            job.Location is { } location && !isRemote ? new("Place", new("PostalAddress", location)) : null,
            isRemote ? "TELECOMMUTE" : null,
            isRemote ? new("AdministrativeArea", job.Location ?? "Worldwide") : null,
            job.Tags is [] ? null : string.Join(", ", job.Tags),
            job.Images is [] ? null : [.. job.Images.Select(image => image.Url)],
            job.ApplyUrl ?? own);
    }

    private static string HtmlOf(string text) => string.Concat(text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(paragraph => $"<p>{string.Join("<br>", paragraph.Trim('\n').Split('\n').Select(Encoder.Encode))}</p>"));

    private static string NameOf(EmploymentType type) => type switch
    {
        Jobs.EmploymentType.FullTime => "FULL_TIME",
        Jobs.EmploymentType.PartTime => "PART_TIME",
        Jobs.EmploymentType.Contract => "CONTRACTOR",
        Jobs.EmploymentType.Internship => "INTERN",
        Jobs.EmploymentType.Temporary => "TEMPORARY",
        Jobs.EmploymentType.Volunteer => "VOLUNTEER",
        _ => "OTHER",
    };

    internal sealed record PropertyValue(
        [property: JsonPropertyName("@type")] string Type,
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("value")] Guid Value);

    internal sealed record Named(
        [property: JsonPropertyName("@type")] string Type,
        [property: JsonPropertyName("name")] string? Name);

    internal sealed record Place(
        [property: JsonPropertyName("@type")] string Type,
        [property: JsonPropertyName("address")] Address Address);

    internal sealed record Address(
        [property: JsonPropertyName("@type")] string Type,
        [property: JsonPropertyName("addressLocality")] string Locality);
}
