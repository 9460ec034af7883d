using System.Security.Claims;
using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Specializations;

internal static class UserSpecializationEndpoints
{
    public static void MapUserSpecializations(this IEndpointRouteBuilder profiles)
    {
        var group = profiles.MapGroup("").WithTags("Specializations");
        group.MapGet("/{userId:guid}/specializations", ListUserSpecializations).WithName(nameof(ListUserSpecializations))
            .WithSummary("List the specializations of a user").AllowAnonymous();
        group.MapPost("/me/specializations", AddUserSpecialization).WithName(nameof(AddUserSpecialization)).WithSummary("Add a specialization");
        group.MapDelete("/me/specializations/{specializationId:guid}", RemoveUserSpecialization).WithName(nameof(RemoveUserSpecialization))
            .WithSummary("Remove a specialization");
    }

    private static async Task<Results<Ok<Page<UserSpecializationResponse>>, ProblemHttpResult>> ListUserSpecializations(
        Guid userId, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var found = await Read(db, db.UserSpecializations.Where(choice => choice.UserId == userId)).ToListAsync(cancellationToken);
        return found.Count == 0 && await db.RefuseUnlessKnownAsync(userId, user, cancellationToken) is { } refusal
            ? refusal
            : TypedResults.Ok(new Page<UserSpecializationResponse>(found));
    }

    private static async Task<Results<Created<UserSpecializationResponse>, ProblemHttpResult>> AddUserSpecialization(
        AddSpecializationRequest request, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var choice = new UserSpecialization
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id(),
            SpecializationId = request.SpecializationId!.Value,
            AddedAt = clock.GetUtcNow(),
        };
        db.Add(choice);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.Violates(UserSpecializationConfiguration.UniquePair))
        {
            return Problems.Conflict("specialization_already_added", "You have this specialization already.");
        }
        catch (DbUpdateException e) when (e.Violates(UserSpecializationConfiguration.SpecializationKey))
        {
            return SpecializationEndpoints.NotFound();
        }

        var added = await Read(db, db.UserSpecializations.Where(row => row.Id == choice.Id)).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/profiles/{choice.UserId}/specializations", added);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveUserSpecialization(
        Guid specializationId, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.Id();
        var removed = await db.UserSpecializations
            .Where(choice => choice.UserId == userId && choice.SpecializationId == specializationId)
            .ExecuteDeleteAsync(cancellationToken);
        return removed == 0 ? SpecializationEndpoints.NotFound() : TypedResults.NoContent();
    }

    private static IQueryable<UserSpecializationResponse> Read(ProfileDbContext db, IQueryable<UserSpecialization> choices) =>
        from choice in choices
        join specialization in db.Specializations on choice.SpecializationId equals specialization.Id
        orderby choice.AddedAt, choice.Id
        select new UserSpecializationResponse(
            specialization.Id,
            specialization.Name,
            specialization.Description,
            specialization.CreatedAt,
            specialization.UpdatedAt,
            choice.AddedAt);
}
