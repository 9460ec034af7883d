using Explaino.ServiceData.Blocks;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Reports;

/// <summary>Counts the reports that other services took, so that the limit of a day is one over all of them.</summary>
public sealed class CountReports<TContext>(TContext db) : IConsumer<ContentReported>
    where TContext : DbContext, IKeepsBlocks
{
    private static readonly string Count =
        $$"""
        INSERT INTO reports (id, reporter_id, type, subject_id, created_at)
        SELECT {0}, {1}, {2}, {3}, {4} WHERE NOT EXISTS ({{TContext.QueryOfDeletedUsers}} AND id IN ({1}, {3}))
        ON CONFLICT DO NOTHING
        """;

    public async Task Consume(ConsumeContext<ContentReported> context)
    {
        var report = context.Message;
        if (report.UserId is not { } reporterId)
        {
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            SELECT pg_advisory_xact_lock_shared(key)
            FROM (SELECT hashtextextended(id::text, {ReportTaking.LockSeed}) AS key FROM unnest({new[] { reporterId, report.SubjectId }}) AS id ORDER BY key) AS keys
            """,
            context.CancellationToken);
        await db.Database.ExecuteSqlRawAsync(
            Count, [report.ReportId, reporterId, report.Type, report.SubjectId, report.ReportedAt.ToUniversalTime()], context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
    }
}

public static class ReportRegistration
{
    /// <summary>Registers <see cref="CountReports{TContext}"/> on the queue <c>&lt;service&gt;.content-reported</c>.</summary>
    public static void AddReports<TContext>(this IBusRegistrationConfigurator bus, string service) where TContext : DbContext, IKeepsBlocks =>
        bus.AddConsumer<CountReports<TContext>>().Endpoint(endpoint => endpoint.Name = $"{service}.content-reported");
}
