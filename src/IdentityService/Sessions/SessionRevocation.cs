using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Sessions;

/// <summary>A session that is gone while access tokens of it may still live; it outlasts its user, who may be gone too.</summary>
public sealed class SessionRevocation
{
    public required Guid SessionId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class SessionRevocationConfiguration : IEntityTypeConfiguration<SessionRevocation>
{
    public void Configure(EntityTypeBuilder<SessionRevocation> builder)
    {
        builder.ToTable("revoked_sessions");
        builder.HasKey(revocation => revocation.SessionId);
        builder.HasIndex(revocation => revocation.ExpiresAt).HasDatabaseName("ix_revoked_sessions_expires_at");
    }
}
