using Explaino.IdentityService.Data;
using Explaino.ServiceData.Audit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Audit;

internal static class AuditStatements
{
    /// <summary>Adds the entry to what the context saves next: with what it tells of.</summary>
    public static void Add(this DbSet<AuditEntry> entries, ActionAudited action) => entries.Add(new AuditEntry
    {
        Id = action.EventId,
        At = action.OccurredAt,
        Service = action.Service,
        Action = action.Action,
        ActorKind = Enum.Parse<ActorKind>(action.ActorKind, ignoreCase: true),
        ActorId = action.ActorId,
        SubjectType = action.SubjectType,
        SubjectId = action.SubjectId,
        Outcome = Enum.Parse<AuditOutcome>(action.Outcome, ignoreCase: true),
        Ip = action.Ip,
        UserAgent = action.UserAgent,
        TraceId = action.TraceId,
    });

    /// <summary>Takes from all entries where somebody was who is deleted; in the transaction that deletes them, after it did.</summary>
    public static Task ForgetAddressesAsync(this IdentityDbContext db, Guid userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT forget_audited_addresses({userId})", cancellationToken);

    /// <summary>Deletes what is older than 400 days, by the database's clock.</summary>
    public static Task DeleteOldEntriesAsync(this IdentityDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT delete_old_audit_entries()", cancellationToken);
}
