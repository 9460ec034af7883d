using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Search;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

internal static class AdminUserEndpoints
{
    public static void MapAdminUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/admin/users").WithTags("Administration").RequireAuthorization(BearerAuthentication.AdminPolicy);
        users.MapGet("/", FindUsersAsAdmin).WithName(nameof(FindUsersAsAdmin)).WithSummary("Find users by name or email address, with what only admins see of them");
        users.MapGet("/{id:guid}/sessions", GetSessionsOfUser).WithName(nameof(GetSessionsOfUser)).WithSummary("List a user's sessions, newest first");
        users.MapDelete("/{id:guid}/sessions", RevokeSessionsOfUser).WithName(nameof(RevokeSessionsOfUser)).WithSummary("Revoke all of a user's sessions");
    }

    private static async Task<Results<Ok<Page<AdminUserResponse>>, ProblemHttpResult>> FindUsersAsAdmin(
        [AsParameters] AdminUserFilter filter, [AsParameters] PageRequest page, IdentityDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var list = $"admin users\n{filter.Q}\n{filter.Email}";
        if (!page.TryRead<UsernameKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var users = db.Users.AsNoTracking();
        if (filter.Email?.Trim() is { Length: > 0 } email)
        {
            var normalized = EmailAddress.Normalize(email);
            users = users.Where(user => user.NormalizedEmail == normalized);
        }

        if (filter.Q?.Trim() is { Length: > 0 } text)
        {
            users = from user in users from query in db.TextBeginnings(text) where user.Words!.Matches(query.Query) select user;
        }

        var now = clock.GetUtcNow();
        var found = await users.After(after).OrderBy(user => user.NormalizedUsername).Take(page.Rows).ToListAsync(cancellationToken);
        return TypedResults.Ok(found.ConvertAll(user => AdminUserResponse.From(user, now)).ToPage(page, list, user => UsernameKey.Of(user.Username)));
    }

    private static async Task<Results<Ok<Page<SessionResponse>>, ProblemHttpResult>> GetSessionsOfUser(
        Guid id, [AsParameters] PageRequest page, ClaimsPrincipal caller, IdentityDbContext db, CancellationToken cancellationToken)
    {
        if ((await db.ReadSessionsAsync(id, caller.SessionId(), page, cancellationToken)).IsProblem(out var refusal, out var sessions))
        {
            return refusal;
        }

        return sessions.Items.Count > 0 || await db.Users.AnyAsync(user => user.Id == id, cancellationToken)
            ? TypedResults.Ok(sessions)
            : UserEndpoints.NoSuchUser();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeSessionsOfUser(
        Guid id, ClaimsPrincipal caller, IdentityDbContext db, SessionRevoker revoker, AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAdminsAsync(cancellationToken);
        if (!await db.IsStillAdminAsync(caller, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        // Locked: a login under way ends first, and its session with the others.
        if (await db.LockUserAsync(id, cancellationToken) is not { } user)
        {
            return UserEndpoints.NoSuchUser();
        }

        if (await revoker.RevokeAllAsync(id, cancellationToken))
        {
            db.Mails.Add(OutgoingMail.Notice(user, MailPurpose.SessionsEnded, clock));
            db.AuditEntries.Add(audit.DoneByAdmin(AuditActions.SessionsEnd, id));
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
