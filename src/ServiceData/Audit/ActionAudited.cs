using MassTransit;

namespace Explaino.ServiceData.Audit;

/// <summary>Somebody did what is audited, or was refused it; see docs/events/action-audited.v1.json. Identity keeps all of them, its own too.</summary>
[MessageUrn("explaino:action-audited:v1", useDefaultPrefix: false)]
[EntityName("explaino.action-audited.v1")]
public sealed record ActionAudited(
    Guid EventId,
    string Service,
    string Action,
    string ActorKind,
    Guid? ActorId,
    string? SubjectType,
    Guid? SubjectId,
    string Outcome,
    string? Ip,
    string? UserAgent,
    string? TraceId,
    DateTimeOffset OccurredAt);

/// <summary>As whom somebody acts.</summary>
public enum ActorKind
{
    User,
    Admin,
    Operator,
    System,
}

/// <summary>What became of an action.</summary>
public enum AuditOutcome
{
    Done,
    Refused,
}

/// <summary>The stable words of what is audited, beside those of the verbs; there may be more of them later.</summary>
public static class AuditActions
{
    public const string LogIn = "login";
    public const string PasswordChange = "password_change";
    public const string PasswordReset = "password_reset";
    public const string EmailChange = "email_change";
    public const string EmailChangeUndo = "email_change_undo";
    public const string EmailVerification = "email_verification";
    public const string SessionsEnd = "sessions_end";
    public const string AdminGrant = "admin_grant";
    public const string AdminRemoval = "admin_removal";
    public const string Suspension = "suspension";
    public const string Reinstatement = "reinstatement";
    public const string Decision = "decision";
    public const string Deletion = "deletion";
    public const string Award = "award";
    public const string Deduction = "deduction";
}
