using System.Security.Claims;
using Explaino.ProfileService.Data;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Profiles;

internal static class ProfileEndpoints
{
    public static void MapProfiles(this IEndpointRouteBuilder profiles)
    {
        var group = profiles.MapGroup("").WithTags("Profiles");
        group.MapGet("/{userId:guid}", GetProfile).WithName(nameof(GetProfile)).WithSummary("Get a whole profile").WithETag();
        group.MapGet("/{userId:guid}/resume.json", ExportProfile).WithName(nameof(ExportProfile))
            .WithSummary("Get a profile in the JSON Resume schema (https://jsonresume.org/schema)").WithETag();
        group.MapPatch("/me", UpdateProfile).WithName(nameof(UpdateProfile)).WithSummary("Change your own profile").HonoursIfMatch();
    }

    private static async Task<Results<Ok<ProfileResponse>, ProblemHttpResult>> GetProfile(
        Guid userId, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var found = await db.ReadProfileAsync(userId, user, cancellationToken);
        return found.IsProblem(out var problem, out var profile) ? problem : TypedResults.Ok(profile);
    }

    private static async Task<Results<Ok<JsonResume>, ProblemHttpResult>> ExportProfile(
        Guid userId, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var found = await db.ReadProfileAsync(userId, user, cancellationToken);
        return found.IsProblem(out var problem, out var profile) ? problem : TypedResults.Ok(JsonResume.From(profile));
    }

    private static async Task<Results<Ok<ProfileResponse>, ProblemHttpResult>> UpdateProfile(
        MergePatch<ProfileRequest> patch,
        MergePatcher patcher,
        HttpRequest http,
        ClaimsPrincipal user,
        ProfileDbContext db,
        ContentTerms words,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var userId = user.Id();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (http.HasPrecondition())
        {
            (await db.ReadProfileAsync(userId, user, cancellationToken)).IsProblem(out _, out var current);
            if (http.ForbidsChange(current))
            {
                return Problems.PreconditionFailed();
            }
        }

        var profile = await db.Profiles.SingleAsync(profile => profile.UserId == userId, cancellationToken);
        if ((await patcher.ApplyAsync(patch, ProfileRequest.From(profile), cancellationToken)).IsProblem(out var invalid, out var changed))
        {
            return invalid;
        }

        if (words.Refuse(("about", changed.About), ("headline", changed.Headline)) is { } notAllowed)
        {
            return notAllowed;
        }

        profile.Apply(changed);
        await db.SaveChangesAsync(cancellationToken);
        var answer = await db.ReadProfileAsync(userId, user, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        return answer.IsProblem(out var problem, out var written) ? problem : TypedResults.Ok(written);
    }
}
