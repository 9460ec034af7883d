using System.Security.Cryptography;
using Explaino.IdentityService.Data;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Keys;

/// <summary>
/// Key rotation, that is, which signing keys there are: the first made by whichever instance needs one first, the next stored a day before it signs, former ones deleted when the
/// last token they signed has expired. An advisory lock makes all instances agree.
/// </summary>
internal sealed class KeyRotation(IdentityDbContext db, SecretBox box, IOptions<KeyOptions> options, TimeProvider clock)
{
    /// <summary>A scheduled key is published this long before it signs.</summary>
    public static readonly TimeSpan Announcement = TimeSpan.FromDays(1);

    /// <summary>How long whoever fetches the published keys may keep them.</summary>
    public static readonly TimeSpan Cacheable = TimeSpan.FromMinutes(1);

    /// <summary>An operator's key is published longer than the keys without it may be kept anywhere, before it signs.</summary>
    public static readonly TimeSpan ImmediateAnnouncement = Cacheable + TimeSpan.FromSeconds(30);

    private const long Lock = 0x6b65_7973; // "keys"

    /// <returns>The published keys, in the order in which they sign.</returns>
    public async Task<IReadOnlyList<SigningKey>> EnsureAsync(CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(cancellationToken);
        if (DueAt(keys) > clock.GetUtcNow())
        {
            return keys;
        }

        await AddAsync(keys => DueAt(keys) <= clock.GetUtcNow(), Announcement, alone: false, cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>An operator's rotation: a new key signs soon, and no token becomes worthless by it.</summary>
    public async Task<SigningKey> RotateAsync(CancellationToken cancellationToken) =>
        (await AddAsync(_ => true, ImmediateAnnouncement, alone: false, cancellationToken))!;

    /// <summary>
    /// For keys that others know: all are gone at once, and with them every access token there is; a new one signs from now on. Who keeps a session
    /// gets a new token with the next refresh.
    /// </summary>
    public async Task<SigningKey> ReplaceAsync(CancellationToken cancellationToken) =>
        (await AddAsync(_ => true, TimeSpan.Zero, alone: true, cancellationToken))!;

    /// <summary>Deletes the keys that no living token was signed with.</summary>
    public async Task DeleteRetiredAsync(CancellationToken cancellationToken)
    {
        var ended = clock.GetUtcNow() - BearerAuthentication.Lifetime - BearerAuthentication.Leeway;
        await db.SigningKeys
            .Where(key => db.SigningKeys.Any(next => next.SignsFrom > key.SignsFrom && next.SignsFrom < ended))
            .ExecuteDeleteAsync(cancellationToken);
    }

    private DateTimeOffset DueAt(IReadOnlyList<SigningKey> keys) =>
        keys.Count == 0 ? DateTimeOffset.MinValue : keys[^1].SignsFrom + options.Value.RotationPeriod - Announcement;

    private async Task<SigningKey?> AddAsync(
        Func<IReadOnlyList<SigningKey>, bool> isDue, TimeSpan announcement, bool alone, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        var keys = await ReadAsync(cancellationToken);
        if (!isDue(keys))
        {
            return null;
        }

        if (alone)
        {
            await db.SigningKeys.ExecuteDeleteAsync(cancellationToken);
        }

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new SigningKey
        {
            Id = id,
            PrivateKey = box.Seal(pair.ExportPkcs8PrivateKey(), id),
            CreatedAt = now,
            SignsFrom = keys.Count == 0 ? now : now + announcement,
        };
        db.SigningKeys.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    }

    private async Task<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken) =>
        await db.SigningKeys.AsNoTracking().OrderBy(key => key.SignsFrom).ThenBy(key => key.Id).ToListAsync(cancellationToken);
}
