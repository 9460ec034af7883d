using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Reports;

/// <summary>Takes reports, in the same way in every service that has things to report.</summary>
public static class ReportTaking
{
    public const int MaximumPerDay = 20;

    internal const int LockSeed = 1_919_250_543; // "repo"
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>
    /// Takes a report inside the caller's transaction, which it commits: the same person and thing once, and of one person so many a day. Whoever reports
    /// twice at once is counted one after the other.
    /// </summary>
    public static async Task<Results<Accepted<ReportResponse>, Ok<ReportResponse>, ProblemHttpResult>> TakeReportAsync(
        this DbContext db, Guid reporterId, ReportRequest request, ReportedContent content, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (now, type) = (clock.GetUtcNow(), WordConversion.WordOf(content.Type));
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({reporterId}::text, {LockSeed}))", cancellationToken);
        var taken = (await db.Database.SqlQuery<Taken>(
            $"""
            WITH known AS (
                SELECT id FROM reports WHERE reporter_id = {reporterId} AND type = {type} AND subject_id = {content.Id}
            ), today AS (
                SELECT count(*) AS count, min(created_at) AS first FROM reports WHERE reporter_id = {reporterId} AND created_at > {now - Day}
            ), made AS (
                INSERT INTO reports (id, reporter_id, type, subject_id, created_at)
                SELECT {Guid.CreateVersion7(now)}, {reporterId}, {type}, {content.Id}, {now} FROM today
                WHERE count < {MaximumPerDay} AND NOT EXISTS (SELECT FROM known)
                RETURNING id
            )
            SELECT (SELECT id FROM known) AS "KnownId", (SELECT id FROM made) AS "NewId", first AS "First" FROM today
            """).ToListAsync(cancellationToken)).Single();
        if (taken.NewId is { } id)
        {
            db.Set<OutboxMessage>().Enqueue(
                new ContentReported(
                    id, reporterId, content.Service, type, content.Id, content.ContainerId, content.AuthorId, WordConversion.WordOf(request.Reason!.Value),
                    request.Note, request.Block == true, content.Snapshot, now),
                content.AuthorId,
                clock);
            await db.SaveChangesAsync(cancellationToken);
        }

        await db.Database.CommitTransactionAsync(cancellationToken);
        return taken switch
        {
            { NewId: { } made } => TypedResults.Accepted((string?)null, new ReportResponse(made)),
            { KnownId: { } known } => TypedResults.Ok(new ReportResponse(known)),
            _ => Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_reports", $"Nobody reports more than {MaximumPerDay} things a day.")
                .RetryAfter(taken.First!.Value + Day - now),
        };
    }

    /// <summary>Adds to what the context saves next that a moderator is to look at something, because of the terms in it.</summary>
    public static void Flag(this DbSet<OutboxMessage> outbox, ReportedContent content, TimeProvider clock) =>
        outbox.Enqueue(FlagOf(content, clock.GetUtcNow()), content.AuthorId, clock);

    /// <summary>The event for whoever stores it in a statement of their own.</summary>
    public static ContentReported FlagOf(ReportedContent content, DateTimeOffset now) => new(
        Guid.CreateVersion7(now), null, content.Service, WordConversion.WordOf(content.Type), content.Id, content.ContainerId, content.AuthorId,
        WordConversion.WordOf(ReportReason.Other), "One of the terms of Moderation:Terms.", false, content.Snapshot, now);

    /// <summary>Removes what is kept of reports by and about a deleted person, in the transaction that marks them as deleted.</summary>
    public static async Task DeleteReportsAsync(this DbContext db, Guid userId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({userId}::text, {LockSeed}))", cancellationToken);
        await db.Set<Report>().Where(report => report.ReporterId == userId || report.SubjectId == userId).ExecuteDeleteAsync(cancellationToken);

        // The relay may hold some of these rows while it waits for the broker; what it has sent is deleted with the others, days later.
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM outbox_messages WHERE id IN (
                SELECT id FROM outbox_messages WHERE name = {EventName.Of<ContentReported>()} AND (user_id = {userId} OR payload ->> 'userId' = {userId}::text)
                FOR UPDATE SKIP LOCKED)
            """,
            cancellationToken);
    }

    private sealed record Taken(Guid? KnownId, Guid? NewId, DateTimeOffset? First);
}
