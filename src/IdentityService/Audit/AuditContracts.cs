using System.ComponentModel;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Mvc;

namespace Explaino.IdentityService.Audit;

/// <summary>Which entries a list shows.</summary>
public sealed record AuditFilter(
    [property: FromQuery(Name = "actor_id"), Description("Who did it.")] Guid? ActorId,
    [property: FromQuery(Name = "subject_id"), Description("To whom or what.")] Guid? SubjectId,
    [property: FromQuery(Name = "action"), Text(50), Description("One word: login, suspension and others.")] string? Action);

/// <summary>Who did something.</summary>
/// <param name="Id">Null of operators and the system, of who is not known, and, in what users see, of admins.</param>
internal sealed record AuditActorResponse(Guid? Id, ActorKind Kind);

/// <summary>To whom or what.</summary>
internal sealed record AuditSubjectResponse([property: Description("user or case.")] string Type, Guid Id);

/// <summary>An entry of the audit log.</summary>
/// <param name="Service">Where: identity, wallet and others.</param>
/// <param name="Action">A stable word; there may be more of them later.</param>
/// <param name="Ip">From where; null of what no client did, and of deleted users.</param>
internal sealed record AuditEntryResponse(
    Guid Id,
    DateTimeOffset At,
    string Service,
    AuditActorResponse Actor,
    string Action,
    AuditSubjectResponse? Subject,
    AuditOutcome Outcome,
    string? Ip,
    string? UserAgent,
    string? TraceId)
{
    public static AuditEntryResponse From(AuditEntry entry) => new(
        entry.Id, entry.At, entry.Service, new(entry.ActorId, entry.ActorKind), entry.Action,
        entry is { SubjectType: { } type, SubjectId: { } id } ? new(type, id) : null, entry.Outcome, entry.Ip, entry.UserAgent, entry.TraceId);

    /// <summary>What somebody sees of what others did to their account: not which admin, nor from where.</summary>
    public static AuditEntryResponse ForSubject(AuditEntry entry) =>
        entry.ActorKind == ActorKind.User ? From(entry) : From(entry) with { Actor = new(null, entry.ActorKind), Ip = null, UserAgent = null };
}
