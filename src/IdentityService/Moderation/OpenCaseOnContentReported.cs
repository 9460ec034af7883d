using System.Text.Json;
using Explaino.IdentityService.Blocks;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Validation;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Moderation;

/// <summary>Puts a report into the open case of its thing, or opens one; twice is once. Also counts it, and blocks the author if the reporter wants that.</summary>
internal sealed class OpenCaseOnContentReported(IdentityDbContext db, TimeProvider clock) : IConsumer<ContentReported>
{
    public async Task Consume(ConsumeContext<ContentReported> context)
    {
        var (report, cancellationToken) = (context.Message, context.CancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Of people who are gone nothing is kept; who is there stays until this is committed. The reporter is held as whoever blocks is.
        if ((report.UserId is { } reporterId && !await db.HoldUserAsync(reporterId, cancellationToken)) || !await RefersToAsync(report.AuthorId, cancellationToken))
        {
            return;
        }

        await CountAsync(report, cancellationToken);
        if (!await FileAsync(report, cancellationToken))
        {
            return; // Rolled back: it is in a case already, which may be decided.
        }

        if (report is { Block: true, UserId: { } blocker })
        {
            await db.BlockAsync(blocker, report.AuthorId, clock, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<bool> RefersToAsync(Guid userId, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<Guid>($"""SELECT id AS "Value" FROM users WHERE id = {userId} FOR KEY SHARE""").ToListAsync(cancellationToken)).Count > 0;

    private Task<int> CountAsync(ContentReported report, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO reports (id, reporter_id, type, subject_id, created_at)
        SELECT {report.ReportId}, {report.UserId}::uuid, {report.Type}, {report.SubjectId}, {report.ReportedAt.ToUniversalTime()} WHERE {report.UserId}::uuid IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
        cancellationToken);

    private async Task<bool> FileAsync(ContentReported report, CancellationToken cancellationToken)
    {
        var excerpt = (report.Snapshot.Content ?? report.Snapshot.Title ?? "").Shortened(ModerationCaseConfiguration.ExcerptLength);
        var snapshot = JsonSerializer.Serialize(report.Snapshot, JsonSerializerOptions.Web);
        var reportedAt = report.ReportedAt.ToUniversalTime();
        return await db.Database.ExecuteSqlAsync(
            $"""
            WITH opened AS (
                INSERT INTO moderation_cases AS c
                    (id, service, type, subject_id, container_id, author_id, excerpt, snapshot, state, is_decided, first_reported_at)
                SELECT {Guid.CreateVersion7(clock.GetUtcNow())}, {report.Service}, {report.Type}, {report.SubjectId}, {report.ContainerId}::uuid, {report.AuthorId},
                    {excerpt}, {snapshot}::jsonb, 'open', false, {reportedAt}
                WHERE NOT EXISTS (SELECT FROM case_reports WHERE id = {report.ReportId})
                ON CONFLICT (type, subject_id) WHERE NOT is_decided DO UPDATE SET first_reported_at = least(c.first_reported_at, excluded.first_reported_at)
                RETURNING id
            )
            INSERT INTO case_reports (id, case_id, reporter_id, reason, note, created_at)
            SELECT {report.ReportId}, id, {report.UserId}::uuid, {report.Reason}, {report.Note}, {reportedAt} FROM opened
            ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
    }
}
