using System.ComponentModel;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Mvc;

namespace Explaino.IdentityService.Moderation;

/// <summary>Which cases a list shows.</summary>
public sealed record CaseFilter(
    [property: FromQuery(Name = "state")] CaseState? State,
    [property: FromQuery(Name = "service"), Text(20), Description("identity, jobs or chat.")] string? Service,
    [property: FromQuery(Name = "author_id")] Guid? AuthorId);

/// <summary>What to do about a case.</summary>
public enum DecisionAction
{
    Dismiss,
    Remove,
    RemoveAndSuspend,
}

public sealed record DecisionRequest(
    [property: RequiredMember] DecisionAction? Action,
    DateTimeOffset? SuspendedUntil,
    [property: RequiredMember, Text(Suspension.MaximumReasonLength)] string? Reason);

/// <summary>What is reported.</summary>
internal sealed record SubjectResponse(string Service, ReportedType Type, Guid Id);

/// <summary>Who wrote it; of a reported person, they themselves.</summary>
internal sealed record CaseAuthorResponse(Guid Id, string Username, string? FirstName, string? LastName, string? ProfileImage);

/// <summary>A case in a list.</summary>
internal sealed record CaseResponse(
    Guid Id,
    SubjectResponse Subject,
    CaseAuthorResponse Author,
    string Excerpt,
    int ReportCount,
    [property: Description("How many gave each reason.")] IReadOnlyDictionary<string, int> Reasons,
    CaseState State,
    DateTimeOffset FirstReportedAt,
    DateTimeOffset? DecidedAt);

/// <summary>A case with all that was said and seen.</summary>
internal sealed record CaseDetailResponse(
    Guid Id,
    SubjectResponse Subject,
    CaseAuthorResponse Author,
    string Excerpt,
    int ReportCount,
    [property: Description("How many gave each reason.")] IReadOnlyDictionary<string, int> Reasons,
    CaseState State,
    DateTimeOffset FirstReportedAt,
    DateTimeOffset? DecidedAt,
    [property: Description("The first hundred.")] IReadOnlyList<CaseReportResponse> Reports,
    ContentSnapshot? Snapshot);

/// <summary>One person's report.</summary>
/// <param name="ReporterDismissedShare">Of this person's reports in decided cases, the share that was dismissed; null if none was decided.</param>
/// <param name="ReporterId">Null where it was flagged for its terms.</param>
internal sealed record CaseReportResponse(Guid Id, Guid? ReporterId, ReportReason Reason, string? Note, DateTimeOffset CreatedAt, double? ReporterDismissedShare);
