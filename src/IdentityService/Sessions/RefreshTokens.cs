using System.Buffers.Text;
using System.Security.Cryptography;
using Explaino.IdentityService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Sessions;

/// <summary>Refresh token rotation with reuse detection: each token is spent for the next one, and a spent one that comes back ends the session.</summary>
/// <remarks>
/// A token is 256 random bits or, for a child, HMAC-SHA256 of a random salt under its parent's bits. The database keeps its hash, and the salt with
/// the spent parent: enough to give the parent's holder the same child again, useless to anybody else.
/// 1. One statement locks the session, spends the token if it is unspent, and makes its child; of many at once one succeeds.
/// 2. It also erases the salt of the token's own parent: once a child is used, nobody gets it again.
/// 3. Whoever did not succeed gets the same child if the salt is still there and the first use was at most 10 seconds ago.
/// 4. Otherwise somebody has a copy of a token, so that the session is revoked, newest token included.
/// </remarks>
internal sealed class RefreshTokens(IdentityDbContext db, SessionRevoker revoker, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    public static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);

    private const int Size = 32;

    /// <summary>A new token, and what to keep of it.</summary>
    public static (string Token, byte[] Hash) Create()
    {
        var secret = RandomNumberGenerator.GetBytes(Size);
        return (Base64Url.EncodeToString(secret), SHA256.HashData(secret));
    }

    /// <returns>What the database knows the token by; null if it is not even of the right form.</returns>
    public static byte[]? HashOf(string token) => Decode(token) is { } secret ? SHA256.HashData(secret) : null;

    /// <returns>The session and its next refresh token; null if the token is not, or no longer, good.</returns>
    public async Task<RefreshedSession?> RotateAsync(string token, CancellationToken cancellationToken)
    {
        if (Decode(token) is not { } secret)
        {
            return null;
        }

        var hash = SHA256.HashData(secret);
        var salt = RandomNumberGenerator.GetBytes(Size);
        var child = HMACSHA256.HashData(secret, salt);
        return await SpendAsync(hash, salt, SHA256.HashData(child), cancellationToken) is { } session
            ? new(session.Id, session.UserId, Base64Url.EncodeToString(child))
            : await JudgeSpentAsync(secret, hash, cancellationToken);
    }

    private async Task<SpentFor?> SpendAsync(byte[] hash, byte[] salt, byte[] childHash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var sessions = await db.Database.SqlQuery<SpentFor>(
            $"""
            WITH session AS (
                SELECT id FROM sessions WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = {hash}) FOR UPDATE
            ), spent AS (
                UPDATE refresh_tokens SET spent_at = {now}, child_salt = {salt} FROM session
                WHERE hash = {hash} AND session_id = session.id AND spent_at IS NULL AND expires_at > {now}
                RETURNING session_id, parent_hash
            ), erased AS (
                UPDATE refresh_tokens SET child_salt = NULL FROM spent WHERE hash = spent.parent_hash
            ), child AS (
                INSERT INTO refresh_tokens (hash, session_id, parent_hash, expires_at)
                SELECT {childHash}, session_id, {hash}, {now + Lifetime} FROM spent
            )
            UPDATE sessions SET last_used_at = {now} FROM spent WHERE sessions.id = spent.session_id
            RETURNING sessions.id AS "Id", sessions.user_id AS "UserId"
            """).ToListAsync(cancellationToken);
        return sessions.SingleOrDefault();
    }

    private async Task<RefreshedSession?> JudgeSpentAsync(byte[] secret, byte[] hash, CancellationToken cancellationToken)
    {
        var known = await db.RefreshTokens.AsNoTracking()
            .Where(token => token.Hash == hash && token.SpentAt != null)
            .Join(db.Sessions, token => token.SessionId, session => session.Id, (token, session) => new { Token = token, session.UserId })
            .SingleOrDefaultAsync(cancellationToken);
        if (known is null)
        {
            return null;
        }

        if (known.Token.ChildSalt is { } salt && clock.GetUtcNow() - known.Token.SpentAt <= RetryWindow)
        {
            return new(known.Token.SessionId, known.UserId, Base64Url.EncodeToString(HMACSHA256.HashData(secret, salt)));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await revoker.RevokeAsync(known.UserId, known.Token.SessionId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static byte[]? Decode(string token) =>
        Base64Url.IsValid(token, out var length) && length == Size ? Base64Url.DecodeFromChars(token) : null;

    private sealed record SpentFor(Guid Id, Guid UserId);
}

internal sealed record RefreshedSession(Guid Id, Guid UserId, string RefreshToken);

/// <summary>A refresh token, of which only the hash is kept; see <see cref="RefreshTokens"/> for how one follows another.</summary>
public sealed class RefreshToken
{
    public required byte[] Hash { get; init; }

    public required Guid SessionId { get; init; }

    /// <summary>The token that was spent for this one; null for the first of a session.</summary>
    public byte[]? ParentHash { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? SpentAt { get; init; }

    /// <summary>With it whoever holds this spent token can be given its child again; erased as soon as the child is used.</summary>
    public byte[]? ChildSalt { get; init; }
}

internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.ToTable("refresh_tokens");
        builder.HasKey(token => token.Hash);
        builder.HasOne<Session>().WithMany().HasForeignKey(token => token.SessionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(token => token.SessionId).HasDatabaseName("ix_refresh_tokens_session_id");
        builder.HasIndex(token => token.ExpiresAt).HasDatabaseName("ix_refresh_tokens_expires_at");
    }
}
