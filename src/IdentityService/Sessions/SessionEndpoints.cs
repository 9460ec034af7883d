using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Sessions;

internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/auth/sessions").WithTags("Sessions");
        sessions.MapGet("/", GetSessions).WithName(nameof(GetSessions)).WithSummary("List the current user's sessions, newest first");
        sessions.MapDelete("/{id:guid}", RevokeSession).WithName(nameof(RevokeSession)).WithSummary("Revoke one of the current user's sessions");
        sessions.MapDelete("/", RevokeOtherSessions).WithName(nameof(RevokeOtherSessions)).WithSummary("Revoke all of the current user's sessions but this one");
    }

    /// <summary>For other services, which ask for all when they start and then for what was revoked since; the gateway routes nothing of /internal.</summary>
    public static void MapRevokedSessions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/revoked-sessions", GetRevoked).AllowAnonymous().ExcludeFromDescription();

    private static async Task<Results<Ok<Page<SessionResponse>>, ProblemHttpResult>> GetSessions(
        [AsParameters] PageRequest page, ClaimsPrincipal user, IdentityDbContext db, CancellationToken cancellationToken)
    {
        return (await db.ReadSessionsAsync(user.Id(), user.SessionId(), page, cancellationToken)).IsProblem(out var refusal, out var sessions)
            ? refusal
            : TypedResults.Ok(sessions);
    }

    /// <summary>A page of somebody's sessions, for themselves and for admins.</summary>
    public static async Task<ProblemOr<Page<SessionResponse>>> ReadSessionsAsync(
        this IdentityDbContext db, Guid userId, Guid current, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.TryRead<SessionKey>($"sessions {userId}", out var after, out var refusal))
        {
            return refusal;
        }

        var before = after?.Id;
        var sessions = await db.Sessions
            .Where(session => session.UserId == userId && (before == null || session.Id < before))
            .OrderByDescending(session => session.Id)
            .TakePage(page)
            .Select(session => new SessionResponse(
                session.Id, session.CreatedAt, session.LastUsedAt, session.UserAgent, session.Ip, session.Id == current))
            .ToListAsync(cancellationToken);
        return sessions.ToPage(page, $"sessions {userId}", session => new SessionKey(session.Id));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeSession(
        Guid id, ClaimsPrincipal user, IdentityDbContext db, SessionRevoker revoker, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var found = await revoker.RevokeAsync(user.Id(), id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return found ? TypedResults.NoContent() : Problems.NotFound("session_not_found", "You have no such session.");
    }

    private static async Task<NoContent> RevokeOtherSessions(
        ClaimsPrincipal user, IdentityDbContext db, SessionRevoker revoker, AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var id = user.Id();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await revoker.RevokeOthersAsync(id, user.SessionId(), cancellationToken)
            && await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } owner)
        {
            db.Mails.Add(OutgoingMail.Notice(owner, MailPurpose.SessionsEnded, clock));
            db.AuditEntries.Add(audit.Done(AuditActions.SessionsEnd, id));
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<List<RevokedSession>>> GetRevoked(
        DateTimeOffset? since, IdentityDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        // A revocation expires a fixed time after it was made.
        var now = clock.GetUtcNow();
        var after = since is { } time && time.ToUniversalTime() + SessionRevoker.Remembered is var made && made > now ? made : now;
        return TypedResults.Ok(await db.RevokedSessions
            .Where(revocation => revocation.ExpiresAt > after)
            .Select(revocation => new RevokedSession(revocation.SessionId, revocation.ExpiresAt))
            .ToListAsync(cancellationToken));
    }

    private sealed record SessionKey(Guid Id);
}
