using System.Security.Claims;
using System.Text.Json;
using Explaino.IdentityService.Data;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Audit;

internal static class AuditEndpoints
{
    /// <summary>How far back users see what was done with their account.</summary>
    private static readonly TimeSpan ShownToUsers = TimeSpan.FromDays(90);

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/admin/audit", ListAudit).WithTags("Audit").WithName(nameof(ListAudit)).RequireAuthorization(BearerAuthentication.AdminPolicy)
            .WithSummary("List who did what to whom, newest first");
        api.MapGet("/users/me/activity", ListActivity).WithTags("Audit").WithName(nameof(ListActivity))
            .WithSummary("List what was done with the current user's account in the last 90 days, newest first");
    }

    private static Task<Results<Ok<Page<AuditEntryResponse>>, ProblemHttpResult>> ListAudit(
        [AsParameters] AuditFilter filter, [AsParameters] PageRequest page, IdentityDbContext db, CancellationToken cancellationToken)
    {
        var entries = db.AuditEntries.AsNoTracking();
        if (filter.ActorId is { } actor)
        {
            entries = entries.Where(entry => entry.ActorId == actor);
        }

        if (filter.SubjectId is { } subject)
        {
            entries = entries.Where(entry => entry.SubjectId == subject);
        }

        if (filter.Action?.Trim() is { Length: > 0 } action)
        {
            entries = entries.Where(entry => entry.Action == action);
        }

        return ReadAsync(entries, $"audit {JsonSerializer.Serialize(filter)}", page, AuditEntryResponse.From, cancellationToken);
    }

    private static Task<Results<Ok<Page<AuditEntryResponse>>, ProblemHttpResult>> ListActivity(
        [AsParameters] PageRequest page, ClaimsPrincipal user, IdentityDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (id, since) = (user.Id(), clock.GetUtcNow() - ShownToUsers);
        var entries = db.AuditEntries.AsNoTracking().Where(entry => entry.SubjectId == id && entry.At > since);
        return ReadAsync(entries, $"activity of {id}", page, AuditEntryResponse.ForSubject, cancellationToken);
    }

    private static async Task<Results<Ok<Page<AuditEntryResponse>>, ProblemHttpResult>> ReadAsync(
        IQueryable<AuditEntry> entries, string list, PageRequest page, Converter<AuditEntry, AuditEntryResponse> show, CancellationToken cancellationToken)
    {
        if (!page.TryRead<EntryKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        if (after is { Id: var before })
        {
            entries = entries.Where(entry => entry.Id < before);
        }

        var rows = await entries.OrderByDescending(entry => entry.Id).Take(page.Rows).ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(show).ToPage(page, list, entry => new EntryKey(entry.Id)));
    }

    private sealed record EntryKey(Guid Id);
}
