using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Sessions;

/// <summary>A session: one login on one device, what its refresh tokens and access tokens (<c>sid</c>) belong to. It is revoked by being deleted.</summary>
public sealed class Session
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public string? UserAgent { get; init; }

    public string? Ip { get; init; }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.Property(session => session.UserAgent).HasMaxLength(ClientAddress.MaximumUserAgentLength);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(session => new { session.UserId, session.Id }).HasDatabaseName("ix_sessions_user_id");
        builder.HasIndex(session => session.LastUsedAt).HasDatabaseName("ix_sessions_last_used_at");
    }
}

/// <summary>A session revocation: a session that is gone while access tokens of it may still be valid; it outlasts its user, who may be gone too.</summary>
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
