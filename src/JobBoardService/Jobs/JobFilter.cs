using System.ComponentModel;
using System.Text.Json;
using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Search;
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
    [property: FromQuery(Name = "employment_type")] EmploymentType? EmploymentType,
    [property: FromQuery(Name = "workplace")] Workplace? Workplace,
    [property: FromQuery(Name = "tag"), Text(30), Description("A whole tag, whatever the case.")] string? Tag,
    [property: FromQuery(Name = "location"), Text(150), Description("A part of the location, whatever the case and the accents.")] string? Location,
    [property: FromQuery(Name = "posted_after")] DateTimeOffset? PostedAfter,
    [property: FromQuery(Name = "open"), Description("true: only posts that are not closed; false: only closed ones.")] bool? Open,
    [property: FromQuery(Name = "sort"), Description("By relevance if q is given and sort is not; newest first if neither is.")] JobOrder? Sort)
{
    /// <summary>Whether nothing is left out.</summary>
    public bool IsEverything => this with { Sort = null } == new JobFilter(null, null, null, null, null, null, null, null, null);

    /// <summary>The words to search for, or null.</summary>
    public string? Words => Blank(Q);

    /// <summary>Cursors belong to one filter and order.</summary>
    public string ListName() => $"jobs {JsonSerializer.Serialize(this)}";

    /// <summary>By all but the words: which they are asked of depends on the order.</summary>
    public IQueryable<JobPost> Apply(JobBoardDbContext db, Guid caller, DateTimeOffset now)
    {
        var posts = db.Posts.Where(post => !db.BlocksOf(caller).Any(block => block.BlockedId == post.AuthorId));
        if (AuthorId is { } author)
        {
            posts = posts.Where(post => post.AuthorId == author);
        }

        if (EmploymentType is { } employmentType)
        {
            posts = posts.Where(post => post.EmploymentType == employmentType);
        }

        if (Workplace is { } workplace)
        {
            posts = posts.Where(post => post.Workplace == workplace);
        }

        if (Blank(Tag) is { } tag)
        {
            posts = posts.Where(post => post.TagKeys!.Contains(TextSearch.Key(tag)));
        }

        if (Blank(Location) is { } location)
        {
            var parts = db.TextPart(location);
            posts = posts.Where(post => EF.Functions.Like(post.LocationKey!, parts.Select(part => part.Pattern).First(), "\\"));
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
}

/// <summary>In which order posts are listed, where relevance does not decide.</summary>
public enum JobOrder
{
    Newest,
    Popular,
}
