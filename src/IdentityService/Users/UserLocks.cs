using System.Security.Claims;
using Explaino.IdentityService.Data;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>Row locks: what must not change while something is decided on it. Locked in this order: admins, a user, the user's sessions.</summary>
internal static class UserLocks
{
    private const long Admins = 0x6164_6d69; // "admi"

    /// <summary>Whoever makes or removes an admin waits for the others who do.</summary>
    public static Task LockAdminsAsync(this IdentityDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Admins})", cancellationToken);

    /// <summary>
    /// For an admin's write, while the admins are locked: whether the caller still is one, in a session that still exists. The token was looked at before
    /// the request waited for the lock; meanwhile the role may have been taken away.
    /// </summary>
    public static Task<bool> IsStillAdminAsync(this IdentityDbContext db, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var (userId, sessionId) = (caller.Id(), caller.SessionId());
        return db.Sessions.AnyAsync(
            session => session.Id == sessionId && session.UserId == userId && db.Users.Any(user => user.Id == userId && user.IsAdmin), cancellationToken);
    }

    /// <summary>The answer to whoever's session ended while their request waited.</summary>
    public static ProblemHttpResult SessionEnded() =>
        Problems.Unauthorized("unauthenticated", "The session has ended, or its account is gone; log in again.");

    /// <summary>Whether nobody else is an admin who can log in; to be asked while the admins are locked.</summary>
    public static async Task<bool> IsLastAdminAsync(this IdentityDbContext db, Guid id, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return !await db.Users.AnyAsync(
            user => user.IsAdmin && user.Id != id && (user.SuspendedUntil == null || user.SuspendedUntil <= now), cancellationToken);
    }

    /// <summary>
    /// For a write beside the caller's row, which it keeps from other such writes, and which others' blocks may refer to meanwhile: two who block each
    /// other at once do not wait for one another.
    /// </summary>
    /// <returns>False if the user, or the session of this token, is gone by now: <see cref="SessionEnded"/>.</returns>
    public static async Task<bool> HoldCallerAsync(this IdentityDbContext db, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var (userId, sessionId) = (caller.Id(), caller.SessionId());
        return await db.HoldUserAsync(userId, cancellationToken) && await db.Sessions.AnyAsync(session => session.Id == sessionId && session.UserId == userId, cancellationToken);
    }

    /// <summary>The row lock of <see cref="HoldCallerAsync"/>.</summary>
    /// <returns>Whether there is such a user.</returns>
    public static async Task<bool> HoldUserAsync(this IdentityDbContext db, Guid id, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<Guid>($"""SELECT id AS "Value" FROM users WHERE id = {id} FOR NO KEY UPDATE""").ToListAsync(cancellationToken)).Count > 0;

    /// <returns>The user as they are now, tracked, and nobody else's to change until the transaction ends.</returns>
    public static async Task<User?> LockUserAsync(this IdentityDbContext db, Guid id, CancellationToken cancellationToken) =>
        (await db.Users.FromSql($"SELECT * FROM users WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();

    /// <summary>For a write of the token's user, which was looked at before the request's body came and its locks were granted.</summary>
    /// <returns>As <see cref="LockUserAsync"/>; null if the user, or the session of this token, is gone by now: <see cref="SessionEnded"/>.</returns>
    public static async Task<User?> LockCallerAsync(this IdentityDbContext db, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var (user, sessionId) = (await db.LockUserAsync(caller.Id(), cancellationToken), caller.SessionId());
        return user is not null && await db.Sessions.AnyAsync(session => session.Id == sessionId && session.UserId == user.Id, cancellationToken)
            ? user
            : null;
    }
}
