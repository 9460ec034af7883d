using Explaino.ChatService.Devices;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Push;

/// <summary>Standing push: what a device was told last of a conversation, a notification or its badge, and whether it is to be told anew.</summary>
internal sealed class StandingPush
{
    public required Guid DeviceId { get; init; }

    public required string Subject { get; init; }

    public required Guid SubjectId { get; init; }

    /// <summary>The device's, when this was planned: what is due is taken provider by provider.</summary>
    public required PushProvider Provider { get; init; }

    /// <summary>Up to which message.</summary>
    public required long Seq { get; init; }

    /// <summary>Grows when it is planned anew, so that what is sent meanwhile does not count for it.</summary>
    public long Version { get; init; }

    /// <summary>When it is to be sent; the end of a lease, while somebody does; null: it is told.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Later it is given up.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The one that was sent.</summary>
    public long? Badge { get; init; }
}

internal sealed class StandingPushConfiguration : IEntityTypeConfiguration<StandingPush>
{
    public void Configure(EntityTypeBuilder<StandingPush> builder)
    {
        builder.ToTable("pushes");
        builder.HasKey(push => new { push.DeviceId, push.SubjectId }).HasName("pk_pushes");
        builder.Property(push => push.Provider).StoredAsWord();
        builder.HasOne<Device>().WithMany().HasForeignKey(push => push.DeviceId).HasConstraintName("fk_pushes_device_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(push => new { push.Provider, push.DueAt }).HasFilter("due_at IS NOT NULL").HasDatabaseName("ix_pushes_due");
        builder.HasIndex(push => push.ExpiresAt).HasDatabaseName("ix_pushes_expires_at");
    }
}
