using Explaino.IdentityService.Data;
using Explaino.ServiceData.Audit;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Audit;

/// <summary>Keeps what another service audits, once per event id. Of who is deleted meanwhile it does not keep where they were.</summary>
internal sealed class KeepEntryOnActionAudited(IdentityDbContext db) : IConsumer<ActionAudited>
{
    public Task Consume(ConsumeContext<ActionAudited> context)
    {
        // Words that this version does not know end in the error queue, and can be replayed to the next.
        var entry = context.Message;
        Enum.Parse<ActorKind>(entry.ActorKind, ignoreCase: true);
        Enum.Parse<AuditOutcome>(entry.Outcome, ignoreCase: true);
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH actor AS (
                SELECT id FROM users WHERE id = {entry.ActorId} FOR KEY SHARE
            )
            INSERT INTO audit_entries (id, at, service, action, actor_kind, actor_id, subject_type, subject_id, outcome, ip, user_agent, trace_id)
            SELECT {entry.EventId}, {entry.OccurredAt.ToUniversalTime()}, {entry.Service}, {entry.Action}, {entry.ActorKind}, {entry.ActorId}::uuid,
                {entry.SubjectType}, {entry.SubjectId}::uuid, {entry.Outcome},
                (SELECT {entry.Ip}::text FROM actor), (SELECT {entry.UserAgent}::text FROM actor), {entry.TraceId}
            ON CONFLICT (id) DO NOTHING
            """,
            context.CancellationToken);
    }
}
