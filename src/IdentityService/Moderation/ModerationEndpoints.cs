using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Sessions;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Moderation;

internal static class ModerationEndpoints
{
    public static void MapModeration(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{id:guid}/reports", ReportUser).WithTags("Moderation").WithName(nameof(ReportUser)).WithSummary("Report a user");
        var cases = api.MapGroup("/moderation/cases").WithTags("Moderation").RequireAuthorization(BearerAuthentication.AdminPolicy);
        cases.MapGet("/", ListCases).WithName(nameof(ListCases)).WithSummary("List what was reported, the oldest open case first");
        cases.MapGet("/{id:guid}", GetCase).WithName(nameof(GetCase)).WithSummary("Get a case with its reports and what was reported").WithETag();
        cases.MapPost("/{id:guid}/decision", DecideCase).WithName(nameof(DecideCase)).WithSummary("Decide a case").WithIdempotency<IdentityDbContext>();
    }

    private static async Task<Results<Accepted<ReportResponse>, Ok<ReportResponse>, ProblemHttpResult>> ReportUser(
        Guid id, ReportRequest request, ClaimsPrincipal caller, IdentityDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (id == caller.Id())
        {
            return Problems.Invalid("id", "Must be somebody else.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.HoldCallerAsync(caller, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is not { } user)
        {
            return UserEndpoints.NoSuchUser();
        }

        return await db.TakeReportAsync(caller.Id(), request, UserTexts.Reported(user), clock, cancellationToken);
    }

    private static async Task<Results<Ok<Page<CaseResponse>>, ProblemHttpResult>> ListCases(
        [AsParameters] CaseFilter filter, [AsParameters] PageRequest page, IdentityDbContext db, CancellationToken cancellationToken) =>
        (await db.ReadCasesAsync(filter, page, cancellationToken)).IsProblem(out var problem, out var cases) ? problem : TypedResults.Ok(cases);

    private static async Task<Results<Ok<CaseDetailResponse>, ProblemHttpResult>> GetCase(Guid id, IdentityDbContext db, CancellationToken cancellationToken) =>
        await db.ReadCaseAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : NoSuchCase();

    private static async Task<Results<Ok<CaseDetailResponse>, ProblemHttpResult>> DecideCase(
        Guid id, DecisionRequest request, ClaimsPrincipal caller, IdentityDbContext db, SessionRevoker revoker, AuditLog audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (now, action) = (clock.GetUtcNow(), request.Action!.Value);
        if (request.SuspendedUntil <= now)
        {
            return Problems.Invalid("suspended_until", "Must be in the future.");
        }

        // Inside that of an Idempotency-Key, which commits for itself, or one of its own.
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await db.LockAdminsAsync(cancellationToken);
        if (!await db.IsStillAdminAsync(caller, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        if (await db.Cases.AsNoTracking().SingleOrDefaultAsync(found => found.Id == id, cancellationToken) is not { } found)
        {
            return NoSuchCase();
        }

        if (found.Type == ReportedType.User && action == DecisionAction.Remove)
        {
            return Problems.Invalid("action", "A person is not removed: suspend them.");
        }

        if (action == DecisionAction.RemoveAndSuspend)
        {
            if (found.AuthorId == caller.Id())
            {
                return Suspension.OwnAccount();
            }

            if (await db.LockUserAsync(found.AuthorId, cancellationToken) is { } author)
            {
                await db.SuspendAsync(author, request.SuspendedUntil, request.Reason!, revoker, audit, clock, cancellationToken);
            }
        }

        var state = action == DecisionAction.Dismiss ? CaseState.Dismissed : CaseState.Removed;
        var decided = await db.Cases.Where(open => open.Id == id && !open.IsDecided).ExecuteUpdateAsync(
            update => update.SetProperty(open => open.IsDecided, true).SetProperty(open => open.State, state).SetProperty(open => open.DecidedAt, now)
                .SetProperty(open => open.DecidedBy, caller.Id()).SetProperty(open => open.DecisionReason, request.Reason),
            cancellationToken);
        if (decided == 0)
        {
            return Problems.Conflict("case_decided", "The case is decided already.");
        }

        db.AuditEntries.Add(audit.DoneByAdmin(AuditActions.Decision, id, AuditLog.Case));
        if (state == CaseState.Removed && found.Type != ReportedType.User)
        {
            db.Outbox.Enqueue(
                new ContentRemoved(id, found.Service, WordConversion.WordOf(found.Type), found.SubjectId, found.ContainerId, now), found.AuthorId, clock);
        }

        await db.SaveChangesAsync(cancellationToken);
        var answer = await db.ReadCaseAsync(id, cancellationToken);
        await (transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask);
        return TypedResults.Ok(answer!);
    }

    private static ProblemHttpResult NoSuchCase() => Problems.NotFound("case_not_found", "There is no such case.");
}
