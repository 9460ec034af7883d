using Explaino.ProfileService.Data;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Text;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Specializations;

internal static class SpecializationEndpoints
{
    public static void MapSpecializations(this IEndpointRouteBuilder api)
    {
        var open = api.MapGroup("/specializations").WithTags("Specializations").AllowAnonymous();
        open.MapGet("/", ListSpecializations).WithName(nameof(ListSpecializations)).WithSummary("List all specializations by name");
        open.MapGet("/{id:guid}", GetSpecialization).WithName(nameof(GetSpecialization)).WithSummary("Get a specialization").WithETag();

        var admins = api.MapGroup("/specializations").WithTags("Specializations").RequireAuthorization(BearerAuthentication.AdminPolicy);
        admins.MapPost("/", CreateSpecialization).WithName(nameof(CreateSpecialization)).WithSummary("Create a specialization (admins)");
        admins.MapPut("/{id:guid}", ReplaceSpecialization).WithName(nameof(ReplaceSpecialization)).WithSummary("Replace a specialization (admins)").HonoursIfMatch();
        admins.MapDelete("/{id:guid}", DeleteSpecialization).WithName(nameof(DeleteSpecialization))
            .WithSummary("Delete a specialization, also from everybody who has it (admins)").HonoursIfMatch();
    }

    /// <summary>The 404 for an id that no specialization has.</summary>
    public static ProblemHttpResult NotFound() => Problems.NotFound("specialization_not_found", "There is no such specialization.");

    private static async Task<Ok<Page<SpecializationResponse>>> ListSpecializations(ProfileDbContext db, CancellationToken cancellationToken)
    {
        var all = await db.Specializations.AsNoTracking()
            .OrderBy(specialization => EF.Property<string>(specialization, CaseInsensitive.NameKey))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<SpecializationResponse>([.. all.Select(SpecializationResponse.From)]));
    }

    private static async Task<Results<Ok<SpecializationResponse>, ProblemHttpResult>> GetSpecialization(
        Guid id, ProfileDbContext db, CancellationToken cancellationToken) =>
        await db.Specializations.AsNoTracking().SingleOrDefaultAsync(specialization => specialization.Id == id, cancellationToken) is { } found
            ? TypedResults.Ok(SpecializationResponse.From(found))
            : NotFound();

    private static async Task<Results<Created<SpecializationResponse>, ProblemHttpResult>> CreateSpecialization(
        SpecializationRequest request, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var specialization = new Specialization
        {
            Id = Guid.CreateVersion7(),
            Name = TextFolding.OneBlank(request.Name!),
            Description = request.Description,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Add(specialization);

        return await SaveAsync(db, cancellationToken) is { } refusal
            ? refusal
            : TypedResults.Created($"/api/specializations/{specialization.Id}", SpecializationResponse.From(specialization));
    }

    private static async Task<Results<Ok<SpecializationResponse>, ProblemHttpResult>> ReplaceSpecialization(
        Guid id, SpecializationRequest request, HttpRequest http, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldSpecializationAsync(id, cancellationToken) is not { } specialization)
        {
            return NotFound();
        }

        if (http.ForbidsChange(SpecializationResponse.From(specialization)))
        {
            return Problems.PreconditionFailed();
        }

        specialization.Name = TextFolding.OneBlank(request.Name!);
        specialization.Description = request.Description;
        if (db.ChangeTracker.HasChanges())
        {
            specialization.UpdatedAt = clock.GetUtcNow();
        }

        if (await SaveAsync(db, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(SpecializationResponse.From(specialization));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteSpecialization(
        Guid id, HttpRequest http, ProfileDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldSpecializationAsync(id, cancellationToken) is not { } specialization)
        {
            return NotFound();
        }

        if (http.ForbidsChange(SpecializationResponse.From(specialization)))
        {
            return Problems.PreconditionFailed();
        }

        db.Remove(specialization);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> SaveAsync(ProfileDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (e.Violates(SpecializationConfiguration.UniqueName))
        {
            return Problems.Conflict(
                "specialization_name_taken",
                "There is a specialization of this name.",
                new Dictionary<string, string[]> { ["name"] = [new Violation("taken", "Is taken.")] });
        }
    }
}
