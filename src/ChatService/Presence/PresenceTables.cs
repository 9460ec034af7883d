using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Presence;

/// <summary>An instance of this service; alive as long as it renews its lease.</summary>
internal sealed class ChatInstance
{
    public required Guid Id { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Set when it stopped as it should: until the lease runs out, its people may come back elsewhere unnoticed.</summary>
    public DateTimeOffset? StoppedAt { get; init; }
}

/// <summary>Somebody with at least one connection to an instance.</summary>
internal sealed class PresentUser
{
    public required Guid InstanceId { get; init; }

    public required Guid UserId { get; init; }
}

/// <summary>A connection to the hub; see <see cref="ConnectionRegistry"/>.</summary>
internal sealed class HubConnection
{
    public required Guid Id { get; init; }

    public required Guid InstanceId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Tells which device it is; null of a connection to an instance of an older version.</summary>
    public Guid? SessionId { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>To be ended by its instance, because its user has too many newer ones.</summary>
    public bool Displaced { get; init; }
}

/// <summary>When somebody last went offline.</summary>
internal sealed class LastSeen
{
    public required Guid UserId { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class ChatInstanceConfiguration : IEntityTypeConfiguration<ChatInstance>
{
    public void Configure(EntityTypeBuilder<ChatInstance> builder)
    {
        builder.ToTable("chat_instances");
        builder.HasKey(instance => instance.Id).HasName("pk_chat_instances");
    }
}

internal sealed class PresentUserConfiguration : IEntityTypeConfiguration<PresentUser>
{
    public void Configure(EntityTypeBuilder<PresentUser> builder)
    {
        builder.ToTable("present_users");
        builder.HasKey(present => new { present.UserId, present.InstanceId }).HasName("pk_present_users");
        builder.HasIndex(present => present.InstanceId).HasDatabaseName("ix_present_users_instance_id");
    }
}

internal sealed class HubConnectionConfiguration : IEntityTypeConfiguration<HubConnection>
{
    public void Configure(EntityTypeBuilder<HubConnection> builder)
    {
        // Unlogged: to connect waits for no disk, and after a crash of the database there is nobody connected.
        builder.ToTable("hub_connections").IsUnlogged();
        builder.HasKey(connection => connection.Id).HasName("pk_hub_connections");
        builder.Property(connection => connection.Displaced).HasDefaultValue(false);
        builder.HasIndex(connection => new { connection.UserId, connection.ConnectedAt }).HasDatabaseName("ix_hub_connections_user_id");
        builder.HasIndex(connection => new { connection.InstanceId, connection.Displaced }).HasDatabaseName("ix_hub_connections_instance_id");
    }
}

internal sealed class LastSeenConfiguration : IEntityTypeConfiguration<LastSeen>
{
    public void Configure(EntityTypeBuilder<LastSeen> builder)
    {
        builder.ToTable("last_seen");
        builder.HasKey(seen => seen.UserId).HasName("pk_last_seen");
    }
}
