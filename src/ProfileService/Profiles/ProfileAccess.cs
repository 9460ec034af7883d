using System.Security.Claims;
using Explaino.ProfileService.Data;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Profiles;

/// <summary>Whose profile there is, to read or to change.</summary>
internal static class ProfileAccess
{
    /// <summary>
    /// For a change of the token's user, inside its transaction: makes the profile if there is none, and holds it, so that changes of one profile
    /// come one after the other. That its row changes has the search document rebuilt at commit.
    /// </summary>
    /// <returns>Null, or the 401 for a token that has outlived its user.</returns>
    public static async Task<ProblemHttpResult?> HoldProfileAsync(
        this ProfileDbContext db, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO profiles (user_id, updated_at) VALUES ({user.Id()}, {clock.GetUtcNow()})
            ON CONFLICT (user_id) DO UPDATE SET updated_at = excluded.updated_at
            """,
            cancellationToken);
        return null;
    }

    /// <summary>Null if the person is known, or the caller themselves; else the 404.</summary>
    public static async Task<ProblemHttpResult?> RefuseUnlessKnownAsync(
        this ProfileDbContext db, Guid userId, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var alive = await db.People
            .Where(person => person.Id == userId)
            .Select(person => (bool?)(person.DeletedAt == null))
            .SingleOrDefaultAsync(cancellationToken);
        var isCaller = caller.Identity!.IsAuthenticated && caller.Id() == userId;
        return alive ?? isCaller ? null : NotFound(mayCome: alive is null);
    }

    /// <summary>The 404 for a person who is not here yet, or has gone for good.</summary>
    public static ProblemHttpResult NotFound(bool mayCome)
    {
        var problem = Problems.NotFound("profile_not_found", "There is no such person.");
        return mayCome ? problem.RetryAfter(TimeSpan.FromSeconds(1)) : problem;
    }
}
