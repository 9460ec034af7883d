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

    private const int AtOnce = 500;

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
        await EndAsync([.. ids.Select(id => new EndedSession(id, userId))], clock.GetUtcNow() + Remembered, cancellationToken);
        return ids.Count > 0;
    }

    /// <summary>Sessions whose refresh token was not used before it expired end as revoked ones do: what others keep of them, as the devices that are woken, goes too.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> EndExpiredAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var expired = await db.Database.SqlQuery<EndedSession>(
            $"""
            SELECT id AS "Id", user_id AS "UserId" FROM sessions WHERE last_used_at < {now - RefreshTokens.Lifetime}
            ORDER BY last_used_at LIMIT {AtOnce} FOR UPDATE SKIP LOCKED
            """).ToListAsync(cancellationToken);
        await EndAsync(expired, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return expired.Count == AtOnce;
    }

    /// <param name="sessions">Whose rows are held.</param>
    /// <param name="expiresAt">When the last access token of them expires.</param>
    /// <param name="cancellationToken">Until the commit.</param>
    private async Task EndAsync(IReadOnlyCollection<EndedSession> sessions, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        var ids = sessions.Select(session => session.Id).ToList();
        await db.Sessions.Where(session => ids.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var (id, userId) in sessions)
        {
            db.RevokedSessions.Add(new SessionRevocation { SessionId = id, ExpiresAt = expiresAt });
            db.Outbox.Enqueue(new SessionRevoked(id, userId, expiresAt), userId, clock);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private sealed record EndedSession(Guid Id, Guid UserId);
}
