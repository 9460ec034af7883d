using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Sessions;

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
