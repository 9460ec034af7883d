using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.IdentityService.Users;

internal static class RoleEndpoints
{
    public static void MapRoles(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/users/{id:guid}/roles/admin").WithTags("Roles").RequireAuthorization(BearerAuthentication.AdminPolicy);
        admin.MapPut("/", MakeAdmin).WithName(nameof(MakeAdmin)).WithSummary("Make a user an admin");
        admin.MapDelete("/", RemoveAdmin).WithName(nameof(RemoveAdmin)).WithSummary("Remove an admin's role, and log them out everywhere");
    }

    public static ProblemHttpResult LastAdmin() => Problems.Conflict("last_admin", "There would be no admin left.");

    private static async Task<Results<NoContent, ProblemHttpResult>> MakeAdmin(
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

        if (!user.IsAdmin)
        {
            user.IsAdmin = true;
            user.Touch(clock.GetUtcNow());
            db.AuditEntries.Add(audit.DoneByAdmin(AuditActions.AdminGrant, id));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAdmin(
        Guid id, ClaimsPrincipal caller, IdentityDbContext db, SessionRevoker revoker, AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
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

        if (!user.IsAdmin)
        {
            return TypedResults.NoContent();
        }

        if (await db.IsLastAdminAsync(id, clock, cancellationToken))
        {
            return LastAdmin();
        }

        user.IsAdmin = false;
        user.Touch(clock.GetUtcNow());
        db.AuditEntries.Add(audit.DoneByAdmin(AuditActions.AdminRemoval, id));
        await db.SaveChangesAsync(cancellationToken);
        await revoker.RevokeAllAsync(id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
