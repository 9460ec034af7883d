using Explaino.IdentityService.Users;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Moderation;

/// <summary>A moderation case: all reports of one thing until it is decided.</summary>
public sealed class ModerationCase
{
    public required Guid Id { get; init; }

    public required string Service { get; init; }

    public required ReportedType Type { get; init; }

    public required Guid SubjectId { get; init; }

    public Guid? ContainerId { get; init; }

    public required Guid AuthorId { get; init; }

    public User Author { get; init; } = null!;

    public required string Excerpt { get; init; }

    /// <summary>A <see cref="ContentSnapshot"/> of the first report; null a month after the decision.</summary>
    public string? Snapshot { get; init; }

    public required CaseState State { get; init; }

    public required bool IsDecided { get; init; }

    public required DateTimeOffset FirstReportedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public Guid? DecidedBy { get; init; }

    public string? DecisionReason { get; init; }

    public List<CaseReport> Reports { get; init; } = [];
}

/// <summary>What became of a case.</summary>
public enum CaseState
{
    Open,
    Dismissed,
    Removed,
}

/// <summary>One person's report in a case.</summary>
public sealed class CaseReport
{
    public required Guid Id { get; init; }

    public required Guid CaseId { get; init; }

    /// <summary>Null where the thing was flagged for its terms.</summary>
    public Guid? ReporterId { get; init; }

    public required ReportReason Reason { get; init; }

    public string? Note { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ModerationCaseConfiguration : IEntityTypeConfiguration<ModerationCase>, IEntityTypeConfiguration<CaseReport>
{
    public const int ExcerptLength = 200;

    public void Configure(EntityTypeBuilder<ModerationCase> builder)
    {
        builder.ToTable("moderation_cases");
        builder.Property(found => found.Id).ValueGeneratedNever();
        builder.Property(found => found.Type).StoredAsWord();
        builder.Property(found => found.State).StoredAsWord();
        builder.Property(found => found.Snapshot).HasColumnType("jsonb");
        builder.HasOne(found => found.Author).WithMany().HasForeignKey(found => found.AuthorId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(found => found.Reports).WithOne().HasForeignKey(report => report.CaseId).OnDelete(DeleteBehavior.Cascade);

        // Reports of one thing are one case until it is decided.
        builder.HasIndex(found => new { found.Type, found.SubjectId }).IsUnique().HasFilter("NOT is_decided").HasDatabaseName("ux_moderation_cases_open");
        builder.HasIndex(found => new { found.IsDecided, found.FirstReportedAt, found.Id }).HasDatabaseName("ix_moderation_cases_order");
        builder.HasIndex(found => found.AuthorId).HasDatabaseName("ix_moderation_cases_author_id");
        builder.HasIndex(found => found.DecidedAt).HasFilter("snapshot IS NOT NULL").HasDatabaseName("ix_moderation_cases_decided_at");
    }

    public void Configure(EntityTypeBuilder<CaseReport> builder)
    {
        builder.ToTable("case_reports");
        builder.Property(report => report.Id).ValueGeneratedNever();
        builder.Property(report => report.Reason).StoredAsWord();
        builder.Property(report => report.Note).HasMaxLength(500);
        builder.HasOne<User>().WithMany().HasForeignKey(report => report.ReporterId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(report => report.CaseId).HasDatabaseName("ix_case_reports_case_id");
        builder.HasIndex(report => report.CaseId, "ux_case_reports_flag").IsUnique().HasFilter("reporter_id IS NULL");
        builder.HasIndex(report => report.ReporterId).HasDatabaseName("ix_case_reports_reporter_id");
    }
}
