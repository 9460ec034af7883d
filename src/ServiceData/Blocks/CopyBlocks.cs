using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Blocks;

/// <summary>Keeps the service's copy of blocks up to date: of two events about a pair the later one counts, in whatever order and however often they come.</summary>
public sealed class CopyBlocks<TContext>(TContext db) : IConsumer<UserBlocked>, IConsumer<UserUnblocked>
    where TContext : DbContext, IKeepsBlocks
{
    private static readonly string TakeOver =
        $$"""
        INSERT INTO blocks AS b (blocker_id, blocked_id, is_active, version)
        SELECT {0}, {1}, {2}, {3} WHERE NOT EXISTS ({{TContext.QueryOfDeletedUsers}} AND id IN ({0}, {1}))
        ON CONFLICT (blocker_id, blocked_id) DO UPDATE SET is_active = excluded.is_active, version = excluded.version
        WHERE b.version < excluded.version
        """;

    public Task Consume(ConsumeContext<UserBlocked> context) =>
        ApplyAsync(context.Message.UserId, context.Message.BlockedUserId, isActive: true, context.Message.Version, context.CancellationToken);

    public Task Consume(ConsumeContext<UserUnblocked> context) =>
        ApplyAsync(context.Message.UserId, context.Message.BlockedUserId, isActive: false, context.Message.Version, context.CancellationToken);

    private async Task ApplyAsync(Guid blocker, Guid blocked, bool isActive, long version, CancellationToken cancellationToken)
    {
        // A deletion under way ends first, and then shows; or waits until this is committed, and removes it.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            SELECT pg_advisory_xact_lock_shared(key)
            FROM (SELECT hashtextextended(id::text, {BlockStatements.LockSeed}) AS key FROM unnest({new[] { blocker, blocked }}) AS id ORDER BY key) AS keys
            """,
            cancellationToken);
        await db.Database.ExecuteSqlRawAsync(TakeOver, [blocker, blocked, isActive, version], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

public static class BlockStatements
{
    internal const int LockSeed = 1_651_469_163; // "bloc"

    /// <summary>What <see cref="IKeepsBlocks.QueryOfDeletedUsers"/> is where there is a copy of people.</summary>
    public const string DeletedPeople = "SELECT FROM people WHERE deleted_at IS NOT NULL";

    /// <summary>Whether one of two blocks the other, as a condition of any statement; both are names of columns or parameters, never values.</summary>
    public static string Between(string one, string other) =>
        $"EXISTS (SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN (({one}, {other}), ({other}, {one})))";

    /// <summary>Registers <see cref="CopyBlocks{TContext}"/> on the queue <c>&lt;service&gt;.blocks</c>.</summary>
    public static void AddBlocks<TContext>(this IBusRegistrationConfigurator bus, string service) where TContext : DbContext, IKeepsBlocks =>
        bus.AddConsumer<CopyBlocks<TContext>>().Endpoint(endpoint => endpoint.Name = $"{service}.blocks");

    /// <summary>The caller's blocks, whose people are left out of lists that the caller reads, and of nobody else's.</summary>
    /// <remarks>Ask with <c>Any</c>, an anti join: <c>Contains</c> becomes NOT IN, whose hash table the planner counts anew for each row that it joins, and reads tables from end to end instead.</remarks>
    public static IQueryable<Block> BlocksOf(this DbContext db, Guid caller) => db.Set<Block>().Where(block => block.BlockerId == caller && block.IsActive);

    /// <summary>Removes all blocks of and against a deleted person, in the transaction that marks them as deleted and keeps late ones away.</summary>
    public static async Task DeleteBlocksAsync(this DbContext db, Guid userId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({userId}::text, {LockSeed}))", cancellationToken);
        await db.Set<Block>().Where(block => block.BlockerId == userId || block.BlockedId == userId).ExecuteDeleteAsync(cancellationToken);
    }
}
