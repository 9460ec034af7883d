using Explaino.IdentityService.Data;
using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService;

/// <summary>
/// For the time between a restore and the first request: <c>after-restore</c>. A backup brings back sessions that were revoked, refresh tokens that were
/// spent, codes that were used, and admins who were removed; all but the last are ended, and the admins listed for a human to judge.
/// </summary>
internal static class AfterRestoreVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<IdentityDbContext>();
        var until = services.GetRequiredService<TimeProvider>().GetUtcNow() + SessionRevoker.Remembered;

        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // Other services hear of these by asking; their tokens are worthless by the new key as well.
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO revoked_sessions (session_id, expires_at) SELECT id, {until} FROM sessions
                ON CONFLICT (session_id) DO UPDATE SET expires_at = excluded.expires_at
                """,
                cancellationToken);
            Console.WriteLine($"Sessions ended: {await db.Sessions.ExecuteDeleteAsync(cancellationToken)}");
            Console.WriteLine($"Codes deleted: {await db.Codes.ExecuteDeleteAsync(cancellationToken)}");
            Console.WriteLine($"Mails not to be sent any more: {await db.Mails.ExecuteDeleteAsync(cancellationToken)}");
            await transaction.CommitAsync(cancellationToken);
        }

        // Of sessions that began after the backup nothing is known here; their tokens are refused with the keys that signed them.
        var key = await services.GetRequiredService<KeyRotation>().ReplaceAsync(cancellationToken);
        Console.WriteLine($"Signing keys replaced by: {key.Id:n}");

        Console.WriteLine("Admins, of whom each must be one still:");
        await foreach (var admin in db.Users.AsNoTracking().Where(user => user.IsAdmin).OrderBy(user => user.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Console.WriteLine($"  {admin.Id}  {admin.Username,-16}  since {admin.CreatedAt:u}, changed {admin.UpdatedAt:u}");
        }

        return 0;
    }
}
