using System.Text.Json;
using Explaino.IdentityService.Data;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Moderation;

/// <summary>Reads cases for admins: open ones first, and of those the oldest.</summary>
internal static class CaseQueries
{
    private const int MaximumReports = 100;

    public static async Task<ProblemOr<Page<CaseResponse>>> ReadCasesAsync(
        this IdentityDbContext db, CaseFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var list = $"cases {JsonSerializer.Serialize(filter)}";
        if (!page.TryRead<CaseKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var cases = db.Cases.AsNoTracking();
        if (filter.State is { } state)
        {
            cases = cases.Where(found => found.State == state);
        }

        if (filter.Service?.Trim() is { Length: > 0 } service)
        {
            cases = cases.Where(found => found.Service == service);
        }

        if (filter.AuthorId is { } author)
        {
            cases = cases.Where(found => found.AuthorId == author);
        }

        if (after is not null)
        {
            cases = cases.Where(found => EF.Functions.GreaterThan(
                ValueTuple.Create(found.IsDecided, found.FirstReportedAt, found.Id), ValueTuple.Create(after.IsDecided, after.FirstReportedAt, after.Id)));
        }

        var rows = await cases.OrderBy(found => found.IsDecided).ThenBy(found => found.FirstReportedAt).ThenBy(found => found.Id)
            .Take(page.Rows).Include(found => found.Author).ToListAsync(cancellationToken);
        var reasons = await db.CountReasonsAsync([.. rows.Select(found => found.Id)], cancellationToken);
        return rows.ConvertAll(found => ToResponse(found, reasons[found.Id]))
            .ToPage(page, list, found => new CaseKey(found.DecidedAt is not null, found.FirstReportedAt, found.Id));
    }

    public static async Task<CaseDetailResponse?> ReadCaseAsync(this IdentityDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var found = await db.Cases.AsNoTracking().Include(found => found.Author).SingleOrDefaultAsync(found => found.Id == id, cancellationToken);
        if (found is null)
        {
            return null;
        }

        var reports = await db.Set<CaseReport>().Where(report => report.CaseId == id).OrderBy(report => report.CreatedAt).ThenBy(report => report.Id).Take(MaximumReports)
            .Select(report => new CaseReportResponse(
                report.Id,
                report.ReporterId,
                report.Reason,
                report.Note,
                report.CreatedAt,
                db.Cases.Where(decided => decided.IsDecided && decided.Reports.Any(own => own.ReporterId == report.ReporterId))
                    .Average(decided => (double?)(decided.State == CaseState.Dismissed ? 1 : 0))))
            .ToListAsync(cancellationToken);
        var shown = ToResponse(found, (await db.CountReasonsAsync([id], cancellationToken))[id]);
        return new(
            shown.Id, shown.Subject, shown.Author, shown.Excerpt, shown.ReportCount, shown.Reasons, shown.State, shown.FirstReportedAt, shown.DecidedAt,
            reports, found.Snapshot is null ? null : JsonSerializer.Deserialize<ContentSnapshot>(found.Snapshot, JsonSerializerOptions.Web));
    }

    private static async Task<ILookup<Guid, KeyValuePair<string, int>>> CountReasonsAsync(
        this IdentityDbContext db, Guid[] caseIds, CancellationToken cancellationToken)
    {
        var counts = await db.Set<CaseReport>().Where(report => caseIds.Contains(report.CaseId))
            .GroupBy(report => new { report.CaseId, report.Reason })
            .Select(group => new { group.Key.CaseId, group.Key.Reason, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return counts.ToLookup(count => count.CaseId, count => KeyValuePair.Create(WordConversion.WordOf(count.Reason), count.Count));
    }

    private static CaseResponse ToResponse(ModerationCase found, IEnumerable<KeyValuePair<string, int>> reasons)
    {
        var counts = reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal).ToDictionary();
        return new(
            found.Id,
            new(found.Service, found.Type, found.SubjectId),
            new(found.AuthorId, found.Author.Username, found.Author.FirstName, found.Author.LastName, found.Author.ProfileImage),
            found.Excerpt,
            counts.Values.Sum(),
            counts,
            found.State,
            found.FirstReportedAt,
            found.DecidedAt);
    }

    private sealed record CaseKey(bool IsDecided, DateTimeOffset FirstReportedAt, Guid Id);
}
