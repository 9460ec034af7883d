using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.IdentityService.Users;

internal static class SuspensionEndpoints
{
    public static void MapSuspensions(this IEndpointRouteBuilder api)
    {
        var suspension = api.MapGroup("/users/{id:guid}/suspension").WithTags("Suspensions").RequireAuthorization(BearerAuthentication.AdminPolicy);
        suspension.MapPut("/", SuspendUser).WithName(nameof(SuspendUser)).WithSummary("Suspend a user, and log them out everywhere");
        suspension.MapDelete("/", ReinstateUser).WithName(nameof(ReinstateUser)).WithSummary("Lift a user's suspension");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SuspendUser(
        Guid id, SuspensionRequest request, ClaimsPrincipal caller, IdentityDbContext db, SessionRevoker revoker, AuditLog audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (request.Until <= clock.GetUtcNow())
        {
            return Problems.Invalid("until", "Must be in the future.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAdminsAsync(cancellationToken);
        if (!await db.IsStillAdminAsync(caller, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        if (await db.LockUserAsync(id, cancellationToken) is not { } user)
        {
            return UserEndpoints.NoSuchUser();
        }

        // The caller is an admin, so that nobody else is the last one.
        if (id == caller.Id())
        {
            return await db.IsLastAdminAsync(id, clock, cancellationToken)
                ? RoleEndpoints.LastAdmin()
                : Suspension.OwnAccount();
        }

        await db.SuspendAsync(user, request.Until, request.Reason!, revoker, audit, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReinstateUser(
        Guid id, ClaimsPrincipal caller, IdentityDbContext db, AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAdminsAsync(cancellationToken);
        if (!await db.IsStillAdminAsync(caller, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        if (await db.LockUserAsync(id, cancellationToken) is not { } user)
        {
            return UserEndpoints.NoSuchUser();
        }

        var now = clock.GetUtcNow();
        if (user.SuspendedUntil(now) is not null)
        {
            user.SuspendedUntil = null;
            user.SuspensionReason = null;
            user.Touch(now);
            db.Outbox.Enqueue(new UserReinstated(id, user.Version, now), id, clock);
            db.AuditEntries.Add(audit.DoneByAdmin(AuditActions.Reinstatement, id));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return TypedResults.NoContent();
    }
}
