using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.IdentityService.Users;

public sealed record SuspensionRequest(
    DateTimeOffset? Until,
    [property: RequiredMember, Text(Suspension.MaximumReasonLength)] string? Reason);

/// <summary>Suspension: an account that nobody gets into, until a time or for ever. It ends by itself, because what counts is the time of the login.</summary>
internal static class Suspension
{
    public const int MaximumReasonLength = 500;

    public static DateTimeOffset? SuspendedUntil(this User user, DateTimeOffset now) => user.SuspendedUntil > now ? user.SuspendedUntil : null;

    /// <summary>Suspends somebody whose row is locked, and ends their sessions.</summary>
    public static async Task SuspendAsync(
        this IdentityDbContext db, User user, DateTimeOffset? until, string reason, SessionRevoker revoker, AuditLog audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        user.SuspendedUntil = until ?? TimeOrForever.Forever;
        user.SuspensionReason = reason;
        user.Touch(now);
        db.Mails.Add(OutgoingMail.Notice(user, MailPurpose.AccountSuspended, clock, until is { } end ? $"until {end:u}" : "for good"));
        db.Outbox.Enqueue(new UserSuspended(user.Id, until, user.Version, now), user.Id, clock);
        db.AuditEntries.Add(audit.DoneByAdmin(AuditActions.Suspension, user.Id));
        await db.SaveChangesAsync(cancellationToken);
        await revoker.RevokeAllAsync(user.Id, cancellationToken);
    }

    public static ProblemHttpResult OwnAccount() => Problems.Conflict("own_account", "Nobody suspends themselves.");

    public static ProblemHttpResult Problem(DateTimeOffset until) =>
        Problems.Forbidden("account_suspended", "The account is suspended.").Until(TimeOrForever.ToText(until));
}
