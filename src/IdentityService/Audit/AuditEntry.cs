using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Audit;

/// <summary>
/// Entry of the audit log: that somebody did something to somebody, in any service. Whoever serves may only add to the table; the migration says what the
/// model cannot. It names people by their ids, which outlast them and mean nobody then.
/// </summary>
public sealed class AuditEntry
{
    /// <summary>Grows with the time; that of the event, where another service says it.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Service { get; init; }

    public required string Action { get; init; }

    public required ActorKind ActorKind { get; init; }

    /// <summary>Null of operators and the system, and of who is not known.</summary>
    public Guid? ActorId { get; init; }

    public string? SubjectType { get; init; }

    public Guid? SubjectId { get; init; }

    public required AuditOutcome Outcome { get; init; }

    public string? Ip { get; init; }

    public string? UserAgent { get; init; }

    public string? TraceId { get; init; }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.HasKey(entry => entry.Id).HasName("pk_audit_entries");
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Property(entry => entry.ActorKind).StoredAsWord();
        builder.Property(entry => entry.Outcome).StoredAsWord();
        builder.Property(entry => entry.UserAgent).HasMaxLength(ClientAddress.MaximumUserAgentLength);
        builder.HasIndex(entry => new { entry.ActorId, entry.Id }).HasDatabaseName("ix_audit_entries_actor_id");
        builder.HasIndex(entry => new { entry.SubjectId, entry.Id }).HasDatabaseName("ix_audit_entries_subject_id");
        builder.HasIndex(entry => new { entry.Action, entry.Id }).HasDatabaseName("ix_audit_entries_action");
        builder.HasIndex(entry => entry.At).HasMethod("brin").HasDatabaseName("ix_audit_entries_at");
    }
}
