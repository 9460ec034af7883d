using System.Diagnostics;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceData.Audit;

/// <summary>
/// Audit log (docs/adr/0055): who did what to whom, when, from where, with what outcome; never what they said, and no secrets. Each of these makes an entry,
/// to be stored in the transaction of what it tells of, and says it to the log category <see cref="Category"/> as well, without addresses.
/// </summary>
public sealed class AuditLog(string service, IHttpContextAccessor requests, ILoggerFactory loggers, TimeProvider clock)
{
    public const string Category = "Explaino.Audit";
    public const string User = "user";
    public const string Case = "case";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Of somebody, to their own account.</summary>
    public ActionAudited Done(string action, Guid userId) => Say(Prepare(action, userId));

    /// <summary>The same, of what may yet come to nothing: to be said when it did not.</summary>
    public ActionAudited Prepare(string action, Guid userId) => Make(action, ActorKind.User, userId, User, userId, AuditOutcome.Done);

    /// <summary>To somebody's account, by themselves if they are signed in, else by nobody knows whom.</summary>
    /// <param name="userId">Null if there is no such account: such an entry is not stored.</param>
    public ActionAudited Refused(string action, Guid? userId) =>
        Say(Make(action, ActorKind.User, Caller == userId ? userId : null, userId is null ? null : User, userId, AuditOutcome.Refused));

    public ActionAudited DoneByAdmin(string action, Guid subjectId, string subjectType = User) =>
        Say(Make(action, ActorKind.Admin, Caller, subjectType, subjectId, AuditOutcome.Done));

    public ActionAudited DoneBySystem(string action, Guid userId) => Say(Make(action, ActorKind.System, null, User, userId, AuditOutcome.Done));

    /// <summary>By the verb of an operator, which is about nobody in particular.</summary>
    public ActionAudited DoneByOperator(string action) => Say(Make(action, ActorKind.Operator, null, null, null, AuditOutcome.Done));

    public ActionAudited Say(ActionAudited entry)
    {
        _logger.LogInformation(
            "{AuditId}: {AuditAction} of {AuditSubjectType} {AuditSubjectId} by {AuditActorKind} {AuditActorId}: {AuditOutcome}",
            entry.EventId, entry.Action, entry.SubjectType, entry.SubjectId, entry.ActorKind, entry.ActorId, entry.Outcome);
        return entry;
    }

    private Guid? Caller => requests.HttpContext?.User is { Identity.IsAuthenticated: true } caller ? caller.Id() : null;

    private ActionAudited Make(string action, ActorKind kind, Guid? actorId, string? subjectType, Guid? subjectId, AuditOutcome outcome)
    {
        var (now, http) = (clock.GetUtcNow(), requests.HttpContext);
        return new(
            Guid.CreateVersion7(now), service, action, WordConversion.WordOf(kind), actorId, subjectType, subjectId, WordConversion.WordOf(outcome),
            http is null ? null : ClientAddress.Of(http)?.ToString(), http is null ? null : ClientAddress.UserAgentOf(http),
            Activity.Current?.TraceId.ToString(), now);
    }
}
