using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Validation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.Reports;

/// <summary>
/// That somebody reported something: once a person and thing. Every service that takes reports keeps those of the others too, as far as it needs to
/// count them; what was said in it goes to Identity's cases.
/// </summary>
public sealed class Report
{
    public required Guid Id { get; init; }

    public required Guid ReporterId { get; init; }

    public required ReportedType Type { get; init; }

    public required Guid SubjectId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Every database whose service takes reports applies this.</summary>
public sealed class ReportConfiguration : IEntityTypeConfiguration<Report>
{
    public void Configure(EntityTypeBuilder<Report> builder)
    {
        builder.ToTable("reports");
        builder.HasKey(report => report.Id).HasName("pk_reports");
        builder.Property(report => report.Id).ValueGeneratedNever();
        builder.Property(report => report.Type).StoredAsWord();
        builder.HasIndex(report => new { report.ReporterId, report.Type, report.SubjectId }).IsUnique().HasDatabaseName("ux_reports_reporter_id_type_subject_id");
        builder.HasIndex(report => new { report.ReporterId, report.CreatedAt }).HasDatabaseName("ix_reports_reporter_id_created_at");
        builder.HasIndex(report => report.SubjectId).HasDatabaseName("ix_reports_subject_id");
    }
}

/// <summary>What can be reported.</summary>
public enum ReportedType
{
    User,
    Job,
    Comment,
    Message,
    GroupMessage,
}

/// <summary>Why something is reported.</summary>
public enum ReportReason
{
    Spam,
    Harassment,
    Hate,
    Sexual,
    Violence,
    SelfHarm,
    Illegal,
    Impersonation,
    Other,
}

/// <param name="Block">Whether to block the author as well.</param>
public sealed record ReportRequest(
    [property: RequiredMember] ReportReason? Reason,
    [property: Text(500)] string? Note = null,
    bool? Block = null);

public sealed record ReportResponse(Guid Id);

/// <summary>What is reported, as it is at that moment.</summary>
/// <param name="Service">The service that has it: its name in addresses of documents.</param>
/// <param name="ContainerId">The job of a comment, the conversation of a message.</param>
public sealed record ReportedContent(string Service, ReportedType Type, Guid Id, Guid? ContainerId, Guid AuthorId, ContentSnapshot Snapshot);

/// <summary>A thing as it was when it was reported.</summary>
/// <param name="Before">Of a message the five before it, oldest first.</param>
public sealed record ContentSnapshot(
    string? Title, string? Content, IReadOnlyList<string> Images, IReadOnlyList<EarlierMessage> Before, DateTimeOffset? CreatedAt);

public sealed record EarlierMessage(Guid SenderId, string? Content, DateTimeOffset CreatedAt);
