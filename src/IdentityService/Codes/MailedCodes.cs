using System.Security.Cryptography;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Keys;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Codes;

/// <summary>
/// Six digits that prove that somebody reads a mailbox: good for ten minutes and five tries, and once. At most five an hour are made for a user and
/// purpose, so that neither guessing nor flooding a mailbox gets far.
/// </summary>
internal sealed class MailedCodes(IdentityDbContext db, SecretBox box, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    public const int MaximumTries = 5;
    public const int MaximumPerHour = 5;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="userId">Whose mailbox it proves.</param>
    /// <param name="purpose">What it is good for.</param>
    /// <param name="again">Whether it replaces one that could not be mailed, and therefore is not counted.</param>
    /// <returns>The new code, which replaces a former one; null if there were too many.</returns>
    public async Task<string?> CreateAsync(Guid userId, CodePurpose purpose, bool again, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6");
        var created = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO codes AS c (user_id, purpose, hash, expires_at, tries_left, counted_from, count)
            SELECT id, {purpose.ToString()}, {Hash(userId, purpose, code)}, {now + Lifetime}, {MaximumTries}, {now}, 1 FROM users WHERE id = {userId}
            ON CONFLICT (user_id, purpose) DO UPDATE
            SET hash = excluded.hash, expires_at = excluded.expires_at, tries_left = excluded.tries_left,
                counted_from = CASE WHEN c.counted_from > {now - Hour} THEN c.counted_from ELSE {now} END,
                count = CASE WHEN c.counted_from > {now - Hour} THEN c.count + {(again ? 0 : 1)} ELSE 1 END
            WHERE {again} OR c.count < {MaximumPerHour} OR c.counted_from <= {now - Hour}
            """,
            cancellationToken);
        return created == 1 ? code : null;
    }

    /// <summary>
    /// Uses up one try, and the code itself if it is right. Inside the caller's transaction, which is to be committed either way: the row stays locked
    /// until then, so that a code is right once.
    /// </summary>
    public async Task<bool> TryUseAsync(Guid userId, CodePurpose purpose, string code, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hashes = await db.Database.SqlQuery<byte[]>(
            $"""
            UPDATE codes SET tries_left = tries_left - 1
            WHERE user_id = {userId} AND purpose = {purpose.ToString()} AND tries_left > 0 AND expires_at > {now}
            RETURNING hash AS "Value"
            """).ToListAsync(cancellationToken);
        if (hashes is not [var hash] || !CryptographicOperations.FixedTimeEquals(hash, Hash(userId, purpose, code)))
        {
            return false;
        }

        await db.Codes.Where(row => row.UserId == userId && row.Purpose == purpose).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    private byte[] Hash(Guid userId, CodePurpose purpose, string code) => box.Hash($"{userId:n} {purpose} {code}");
}
