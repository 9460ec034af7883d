using Explaino.IdentityService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>What must not change while something is decided on it. Locked in this order: admins, a user, the user's sessions.</summary>
internal static class UserLocks
{
    private const long Admins = 0x6164_6d69; // "admi"

    /// <summary>Whoever makes or removes an admin waits for the others who do.</summary>
    public static Task LockAdminsAsync(this IdentityDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Admins})", cancellationToken);

    /// <summary>To be asked while the admins are locked.</summary>
    public static async Task<bool> IsLastAdminAsync(this IdentityDbContext db, Guid id, CancellationToken cancellationToken) =>
        !await db.Users.AnyAsync(user => user.IsAdmin && user.Id != id, cancellationToken);

    /// <returns>The user as they are now, tracked, and nobody else's to change until the transaction ends.</returns>
    public static async Task<User?> LockUserAsync(this IdentityDbContext db, Guid id, CancellationToken cancellationToken) =>
        (await db.Users.FromSql($"SELECT * FROM users WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();
}
