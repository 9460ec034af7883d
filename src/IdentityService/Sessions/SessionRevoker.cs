using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.ServiceData.Outbox;
using Microsoft.EntityFrameworkCore;
using BearerAuthentication = Explaino.ServiceDefaults.Authentication.BearerAuthentication;

namespace Explaino.IdentityService.Sessions;

/// <summary>Session revocation: sessions end, their refresh tokens go, and every service learns to refuse their access tokens.</summary>
/// <remarks>Works inside the caller's transaction; who needs the user's row as well has locked that first.</remarks>
internal sealed class SessionRevoker(IdentityDbContext db, TimeProvider clock)
{
    /// <summary>How long a revocation matters: until the last access token of its session has expired everywhere.</summary>
    public static readonly TimeSpan Remembered = BearerAuthentication.RevocationLifetime;

    /// <returns>Whether the session was there.</returns>
    public Task<bool> RevokeAsync(Guid userId, Guid sessionId, CancellationToken cancellationToken) =>
        RevokeAsync(userId, only: sessionId, except: null, cancellationToken);

    public Task<bool> RevokeAllAsync(Guid userId, CancellationToken cancellationToken) =>
        RevokeAsync(userId, only: null, except: null, cancellationToken);

    public Task<bool> RevokeOthersAsync(Guid userId, Guid current, CancellationToken cancellationToken) =>
        RevokeAsync(userId, only: null, except: current, cancellationToken);

    private async Task<bool> RevokeAsync(Guid userId, Guid? only, Guid? except, CancellationToken cancellationToken)
    {
        // Locked in one order: two who revoke the same sessions wait for each other instead of deadlocking.
        var ids = await db.Database.SqlQuery<Guid>(
            $"""
            SELECT id AS "Value" FROM sessions
            WHERE user_id = {userId} AND ({only}::uuid IS NULL OR id = {only}) AND ({except}::uuid IS NULL OR id <> {except})
            ORDER BY id FOR UPDATE
            """).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return false;
        }

        await db.Sessions.Where(session => ids.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
        var expiresAt = clock.GetUtcNow() + Remembered;
        foreach (var id in ids)
        {
            db.RevokedSessions.Add(new SessionRevocation { SessionId = id, ExpiresAt = expiresAt });
            db.Outbox.Enqueue(new SessionRevoked(id, userId, expiresAt), userId, clock);
        }

        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}
