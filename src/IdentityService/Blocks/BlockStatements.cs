using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.ServiceData.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Blocks;

internal static class BlockStatements
{
    /// <summary>Blocks somebody, and tells it if that is new, while the blocker's row is held: so versions of a pair grow in the order of commits.</summary>
    /// <returns>Whether there is such a user.</returns>
    public static async Task<bool> BlockAsync(this IdentityDbContext db, Guid blocker, Guid blocked, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var made = (await db.Database.SqlQuery<BlockMade>(
            $"""
            WITH other AS (
                SELECT id FROM users WHERE id = {blocked} FOR KEY SHARE
            ), made AS (
                INSERT INTO blocks (blocker_id, blocked_id, created_at) SELECT {blocker}, id, {now} FROM other ON CONFLICT DO NOTHING RETURNING blocked_id
            )
            SELECT (SELECT nextval('block_versions') FROM made) AS "Version" FROM other
            """).ToListAsync(cancellationToken)).SingleOrDefault();
        if (made?.Version is { } version)
        {
            db.Outbox.Enqueue(new UserBlocked(blocker, blocked, version, now), blocker, clock);
            await db.SaveChangesAsync(cancellationToken);
        }

        return made is not null;
    }

    /// <summary>Lifts a block, and tells it if there was one, under the same lock as <see cref="BlockAsync"/>.</summary>
    public static async Task UnblockAsync(this IdentityDbContext db, Guid blocker, Guid blocked, TimeProvider clock, CancellationToken cancellationToken)
    {
        var versions = await db.Database.SqlQuery<long>(
            $"""
            WITH lifted AS (DELETE FROM blocks WHERE blocker_id = {blocker} AND blocked_id = {blocked} RETURNING blocked_id)
            SELECT nextval('block_versions') AS "Value" FROM lifted
            """).ToListAsync(cancellationToken);
        if (versions is [var version])
        {
            db.Outbox.Enqueue(new UserUnblocked(blocker, blocked, version, clock.GetUtcNow()), blocker, clock);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private sealed record BlockMade(long? Version);
}
