using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Presence;

/// <summary>An instance of this service; alive as long as it renews its lease.</summary>
internal sealed class ChatInstance
{
    public required Guid Id { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Somebody with at least one connection to an instance.</summary>
internal sealed class PresentUser
{
    public required Guid InstanceId { get; init; }

    public required Guid UserId { get; init; }
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

internal sealed class LastSeenConfiguration : IEntityTypeConfiguration<LastSeen>
{
    public void Configure(EntityTypeBuilder<LastSeen> builder)
    {
        builder.ToTable("last_seen");
        builder.HasKey(seen => seen.UserId).HasName("pk_last_seen");
    }
}
