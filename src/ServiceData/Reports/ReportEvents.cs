using MassTransit;

namespace Explaino.ServiceData.Reports;

/// <summary>Something was reported, by somebody or, without one, for its terms: Identity gathers it into a case, the others count it; see docs/events/content-reported.v1.json.</summary>
[MessageUrn("explaino:content-reported:v1", useDefaultPrefix: false)]
[EntityName("explaino.content-reported.v1")]
public sealed record ContentReported(
    Guid ReportId,
    Guid? UserId,
    string Service,
    string Type,
    Guid SubjectId,
    Guid? ContainerId,
    Guid AuthorId,
    string Reason,
    string? Note,
    bool Block,
    ContentSnapshot Snapshot,
    DateTimeOffset ReportedAt);

/// <summary>A case was decided against a thing: its service takes it away; see docs/events/content-removed.v1.json.</summary>
[MessageUrn("explaino:content-removed:v1", useDefaultPrefix: false)]
[EntityName("explaino.content-removed.v1")]
public sealed record ContentRemoved(
    Guid CaseId,
    string Service,
    string Type,
    Guid SubjectId,
    Guid? ContainerId,
    DateTimeOffset RemovedAt);
