using Explaino.JobBoardService.Images;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Text;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;
using Microsoft.OpenApi;

#pragma warning disable ASP0029 // [ValidatableType] is how MergePatcher finds these rules.

namespace Explaino.JobBoardService.Jobs;

/// <summary>Everything of a post that its author says, in POST and in PATCH alike. Public: of other types no validation is generated.</summary>
[ValidatableType]
public sealed record JobRequest(
    [property: RequiredMember, Text(150)] string? Title,
    [property: RequiredMember, Text(5000, Multiline = true)] string? Description,
    [property: Text(150)] string? Company,
    [property: Text(150)] string? Location,
    EmploymentType? EmploymentType,
    Workplace? Workplace,
    [property: HttpUrl] string? ApplyUrl,
    [property: Tags] IReadOnlyList<string?>? Tags,
    [property: ImageUrls] IReadOnlyList<string?>? ImageUrls,
    DateTimeOffset? ClosesAt)
{
    /// <summary>In lower case to be shown; those that fold to the same are one.</summary>
    public IReadOnlyList<string> NormalizedTags() => [.. (Tags ?? []).Select(tag => TextFolding.OneBlank(tag!).ToLowerInvariant()).DistinctBy(TextFolding.Key)];

    internal IEnumerable<(string Member, string? Text)> Texts() =>
        [("title", Title), ("description", Description), ("company", Company), ("location", Location), ("tags", string.Join('\n', Tags ?? []))];

    /// <returns>False if the post would have too many images.</returns>
    internal bool ApplyTo(JobPost post, DateTimeOffset now)
    {
        post.Title = Title!;
        post.Description = Description!;
        post.Company = NotBlank(Company);
        post.Location = NotBlank(Location);
        post.EmploymentType = EmploymentType;
        post.Workplace = Workplace;
        post.ApplyUrl = ApplyUrl;
        post.Tags = [.. NormalizedTags()];
        post.ClosesAt = ClosesAt;
        return post.TrySetImageUrls([.. (ImageUrls ?? []).Select(url => url!)], now);
    }

    public static JobRequest Of(JobPost post) => new(
        post.Title,
        post.Description,
        post.Company,
        post.Location,
        post.EmploymentType,
        post.Workplace,
        post.ApplyUrl,
        post.Tags,
        [.. post.Images.Where(image => image.Url is not null).OrderBy(image => image.Position).Select(image => image.Url)],
        post.ClosesAt);

    private static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>At most ten tags of 1 to 30 characters.</summary>
public sealed class TagsAttribute() : ElementsAttribute(maximumCount: 10)
{
    protected override string? Refusal(string? element) =>
        element is { Length: >= 1 and <= 30 } && TextAttribute.IsOneLine(element) ? null : new Violation(
            element is null ? "required" : element.Length is >= 1 and <= 30 ? "control_character" : Violation.OfLength(element.Length, 1, 30).Rule,
            "Must be 1 to 30 characters long, without control characters.",
            1,
            30);

    protected override void DescribeElement(OpenApiSchema element) => (element.MinLength, element.MaxLength) = (1, 30);
}

/// <summary>At most ten links to images.</summary>
public sealed class ImageUrlsAttribute() : ElementsAttribute(JobPost.MaximumImages)
{
    protected override string? Refusal(string? element) => HttpUrlAttribute.Refuse(element);

    protected override void DescribeElement(OpenApiSchema element) => HttpUrlAttribute.DescribeUrl(element);
}

/// <summary>A post as the caller sees it (docs/contract.md#5-job-board).</summary>
internal sealed record JobResponse(
    Guid Id,
    PersonResponse Author,
    string Title,
    string Description,
    string? Company,
    string? Location,
    EmploymentType? EmploymentType,
    Workplace? Workplace,
    string? ApplyUrl,
    IReadOnlyList<string> Tags,
    IReadOnlyList<JobImageResponse> Images,
    int LikeCount,
    int CommentCount,
    bool LikedByMe,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ClosesAt) : IPartlyEditable
{
    object IPartlyEditable.Editable => new { Title, Description, Company, Location, EmploymentType, Workplace, ApplyUrl, Tags, Images, ClosesAt };
}
