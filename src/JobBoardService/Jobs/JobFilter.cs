using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>Which posts a list shows, and in which order; everything combines.</summary>
public sealed record JobFilter(
    [property: FromQuery(Name = "q"), Text(200)]
    [property: Description("Words in title, tags, company or description; \"quotes\" for phrases, - for words that must not be there.")]
    string? Q,
    [property: FromQuery(Name = "author_id")] Guid? AuthorId,
    [property: FromQuery(Name = "employment_type")]
    [property: RegularExpression("full_time|part_time|contract|internship|temporary|volunteer|other", ErrorMessage = "Is not an employment type.")]
    string? EmploymentType,
    [property: FromQuery(Name = "workplace"), RegularExpression("on_site|remote|hybrid", ErrorMessage = "Is not a workplace.")] string? Workplace,
    [property: FromQuery(Name = "tag"), Text(30)] string? Tag,
    [property: FromQuery(Name = "location"), Text(150), Description("A part of the location, whatever the case.")] string? Location,
    [property: FromQuery(Name = "posted_after")] DateTimeOffset? PostedAfter,
    [property: FromQuery(Name = "open"), Description("true: only posts that are not closed; false: only closed ones.")] bool? Open,
    [property: FromQuery(Name = "sort"), RegularExpression("newest|popular", ErrorMessage = "Must be newest or popular.")]
    [property: Description("By relevance if q is given and sort is not; newest first if neither is.")]
    string? Sort)
{
    /// <summary>Whether nothing is left out.</summary>
    public bool IsEverything => this with { Sort = null } == new JobFilter(null, null, null, null, null, null, null, null, null);

    /// <summary>The words to search for, or null.</summary>
    public string? Words => Blank(Q);

    /// <summary>Cursors belong to one filter and order.</summary>
    public string ListName() => $"jobs {JsonSerializer.Serialize(this)}";

    public IQueryable<JobPost> Apply(IQueryable<JobPost> posts, DateTimeOffset now)
    {
        if (Words is { } words)
        {
            posts = posts.Where(post => post.Search.Matches(EF.Functions.WebSearchToTsQuery(JobPostConfiguration.SearchLanguage, words)));
        }

        if (AuthorId is { } author)
        {
            posts = posts.Where(post => post.AuthorId == author);
        }

        if (Parse<EmploymentType>(EmploymentType) is { } employmentType)
        {
            posts = posts.Where(post => post.EmploymentType == employmentType);
        }

        if (Parse<Workplace>(Workplace) is { } workplace)
        {
            posts = posts.Where(post => post.Workplace == workplace);
        }

        if (Blank(Tag)?.ToLowerInvariant() is { } tag)
        {
            posts = posts.Where(post => post.Tags.Contains(tag));
        }

        if (Blank(Location) is { } location)
        {
            var pattern = $"%{location.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            posts = posts.Where(post => EF.Functions.ILike(post.Location!, pattern, "\\"));
        }

        if (PostedAfter?.ToUniversalTime() is { } postedAfter)
        {
            posts = posts.Where(post => post.CreatedAt > postedAfter);
        }

        return Open switch
        {
            true => posts.Where(post => post.ClosesAt == null || post.ClosesAt > now),
            false => posts.Where(post => post.ClosesAt <= now),
            null => posts,
        };
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    // The pattern of the member has let only known words pass.
    private static T? Parse<T>(string? word) where T : struct, Enum => word is null ? null : Enum.Parse<T>(word.Replace("_", ""), ignoreCase: true);
}
