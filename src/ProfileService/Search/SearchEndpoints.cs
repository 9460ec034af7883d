using System.Security.Claims;
using System.Text.Json;
using Explaino.ProfileService.Collections;
using Explaino.ProfileService.Data;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Search;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Search;

internal static class SearchEndpoints
{
    public static void MapSearch(this IEndpointRouteBuilder profiles)
    {
        var group = profiles.MapGroup("").WithTags("Profiles");
        group.MapGet("/", SearchPeople).WithName(nameof(SearchPeople)).WithSummary("Find people, best match first; without q, newest first");
    }

    private static async Task<Results<Ok<Page<FoundPersonResponse>>, ProblemHttpResult>> SearchPeople(
        [AsParameters] SearchRequest search, [AsParameters] PageRequest page, ClaimsPrincipal caller, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var wanted = new SearchRequest(Words(search.Q), search.SpecializationId, Words(search.Skill), Words(search.Company), Words(search.Location));
        var list = $"people/{JsonSerializer.Serialize(wanted)}";
        if (!page.TryRead<Key>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var best = Ranked(db, wanted, caller.Id());
        if (after is not null)
        {
            best = best.Where(match => match.Rank < after.Rank || (match.Rank == after.Rank && match.UserId < after.UserId));
        }

        var found = await (
            from match in best.OrderByDescending(match => match.Rank).ThenByDescending(match => match.UserId).Take(page.Rows)
            join person in db.People on match.UserId equals person.Id
            join profile in db.Profiles on match.UserId equals profile.UserId into profiles
            from profile in profiles.DefaultIfEmpty()
            orderby match.Rank descending, match.UserId descending
            select new
            {
                match.Rank,
                Person = new FoundPersonResponse(
                    person.Id,
                    person.Username,
                    person.FirstName,
                    person.LastName,
                    person.Bio,
                    person.ProfileImage,
                    person.CreatedAt,
                    profile.Headline,
                    profile.Location,
                    profile.CurrentCompany,
                    profile.CurrentRole),
            }).ToListAsync(cancellationToken);

        var ranked = found.ToPage(page, list, match => new Key(match.Rank, match.Person.Id));
        return TypedResults.Ok(new Page<FoundPersonResponse>([.. ranked.Items.Select(match => match.Person)], ranked.NextCursor));
    }

    private static IQueryable<SearchDocument> Filtered(ProfileDbContext db, SearchRequest wanted, Guid caller)
    {
        var documents = db.SearchDocuments.AsNoTracking().Where(document => !db.BlocksOf(caller).Any(block => block.BlockedId == document.UserId));
        if (wanted.Company is { } company)
        {
            documents = from document in documents from query in db.TextBeginnings(company) where document.Company.Matches(query.Query) select document;
        }

        if (wanted.Location is { } location)
        {
            documents = from document in documents from query in db.TextBeginnings(location) where document.Location.Matches(query.Query) select document;
        }

        if (wanted.SpecializationId is { } specialization)
        {
            documents = documents.Where(document =>
                db.UserSpecializations.Any(choice => choice.SpecializationId == specialization && choice.UserId == document.UserId));
        }

        if (wanted.Skill is { } skill)
        {
            documents = documents.Where(document => db.Set<UserSkill>().Any(row =>
                EF.Property<string>(row, CaseInsensitive.NameKey) == CaseInsensitive.FoldName(skill) && row.UserId == document.UserId));
        }

        return documents;
    }

    private static IQueryable<Match> Ranked(ProfileDbContext db, SearchRequest wanted, Guid caller) => wanted.Q is not { } words
        ? Filtered(db, wanted, caller).Select(document => new Match { UserId = document.UserId, Rank = 0 })
        : from document in Filtered(db, wanted, caller)
          from query in db.TextBeginnings(words)
          where document.Words.Matches(query.Query)
          select new Match { UserId = document.UserId, Rank = document.Words.Rank(query.Query) };

    private static string? Words(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private sealed class Match
    {
        public required Guid UserId { get; init; }

        public required float Rank { get; init; }
    }

    private sealed record Key(float Rank, Guid UserId);
}
