using Explaino.IdentityService.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>People as the other services copy them, for <c>resync people</c>: events tell of changes only, so a copy that missed one must be able to ask.</summary>
internal static class PeopleEndpoints
{
    private const int PageSize = 1000;

    /// <summary>The gateway routes nothing of /internal.</summary>
    public static void MapPeople(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/people", GetPeople).AllowAnonymous().ExcludeFromDescription();

    /// <returns>Those who follow an id, by their ids; none after the last.</returns>
    private static async Task<Ok<List<CopiedPerson>>> GetPeople(Guid after, IdentityDbContext db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.Users
            .Where(user => user.Id > after)
            .OrderBy(user => user.Id)
            .Take(PageSize)
            .Select(user => new CopiedPerson(
                user.Id, user.Username, user.FirstName, user.LastName, user.Bio, user.ProfileImage, user.CreatedAt, user.Version))
            .ToListAsync(cancellationToken));

    /// <summary>The members of <see cref="Events.UserUpdated"/> that are copied.</summary>
    private sealed record CopiedPerson(
        Guid UserId, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt, long Version);
}
