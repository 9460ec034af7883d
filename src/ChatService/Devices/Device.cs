using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Devices;

public enum DevicePlatform
{
    Ios,
    Android,
    Web,
}

/// <summary>Who brings pushes to a device.</summary>
public enum PushProvider
{
    Apns,
    Fcm,
    Webpush,
    Relay,
}

/// <summary>How much of a message a push shows.</summary>
public enum MessagePreview
{
    None,
    Sender,
    Full,
}

/// <summary>An installation of an app that can be woken by pushes; it belongs to one session, and ends with it.</summary>
internal sealed class Device
{
    /// <summary>The installation's own.</summary>
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required Guid SessionId { get; init; }

    public required DevicePlatform Platform { get; init; }

    public required PushProvider Provider { get; init; }

    /// <summary>What the provider knows it by. A secret: never in an answer or a log.</summary>
    public required string Token { get; init; }

    /// <summary>Says which token it is, in an index that takes no text of any length.</summary>
    public required byte[] TokenHash { get; init; }

    public string? Locale { get; init; }

    public required MessagePreview Preview { get; init; }

    /// <summary>The provider's environment for apps that are not released.</summary>
    public required bool Sandbox { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Tombstone of a session, until its last access token has expired: no late PUT makes a device of it.</summary>
internal sealed class EndedSession
{
    public required Guid SessionId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class DeviceConfiguration : IEntityTypeConfiguration<Device>
{
    public void Configure(EntityTypeBuilder<Device> builder)
    {
        builder.ToTable("devices");
        builder.HasKey(device => device.Id).HasName("pk_devices");
        builder.Property(device => device.Id).ValueGeneratedNever();
        builder.Property(device => device.Platform).StoredAsWord();
        builder.Property(device => device.Provider).StoredAsWord();
        builder.Property(device => device.Preview).StoredAsWord();
        builder.HasIndex(device => device.TokenHash).IsUnique().HasDatabaseName("ux_devices_token_hash");
        builder.HasIndex(device => new { device.UserId, device.UpdatedAt }).HasDatabaseName("ix_devices_user_id_updated_at");
        builder.HasIndex(device => device.SessionId).HasDatabaseName("ix_devices_session_id");
    }
}

internal sealed class EndedSessionConfiguration : IEntityTypeConfiguration<EndedSession>
{
    public void Configure(EntityTypeBuilder<EndedSession> builder)
    {
        builder.ToTable("ended_sessions");
        builder.HasKey(ended => ended.SessionId).HasName("pk_ended_sessions");
        builder.HasIndex(ended => ended.ExpiresAt).HasDatabaseName("ix_ended_sessions_expires_at");
    }
}
