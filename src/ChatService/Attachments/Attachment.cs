using Explaino.ChatService.Conversations;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Attachments;

/// <summary>An uploaded file: its owner's alone until a message takes it along, and then that of all who are in the conversation.</summary>
internal sealed class Attachment
{
    public required Guid Id { get; init; }

    public required Guid OwnerId { get; init; }

    public required Guid StorageKey { get; init; }

    public required AttachmentKind Kind { get; init; }

    public required string FileName { get; init; }

    public required string ContentType { get; init; }

    /// <summary>In bytes, as it is given out.</summary>
    public required long Size { get; init; }

    /// <summary>In pixels, of an image.</summary>
    public int? Width { get; init; }

    public int? Height { get; init; }

    /// <summary>The BlurHash of an image.</summary>
    public string? Placeholder { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null until it is sent; then one of the two that follow says where.</summary>
    public Guid? MessageId { get; init; }

    public Guid? ChatId { get; init; }

    public Guid? GroupId { get; init; }

    /// <summary>The <c>Idempotency-Key</c> it was uploaded with, and the SHA-256 of what was uploaded.</summary>
    public Guid? IdempotencyKey { get; init; }

    public byte[]? ContentHash { get; init; }
}

internal sealed class AttachmentConfiguration : IEntityTypeConfiguration<Attachment>
{
    public void Configure(EntityTypeBuilder<Attachment> builder)
    {
        builder.ToTable("attachments", table => table.HasCheckConstraint(
            "ck_attachments_sent", "CASE WHEN message_id IS NULL THEN num_nonnulls(chat_id, group_id) = 0 ELSE num_nonnulls(chat_id, group_id) = 1 END"));
        builder.HasKey(attachment => attachment.Id).HasName("pk_attachments");
        builder.Property(attachment => attachment.Kind).StoredAsWord();
        builder.HasIndex(attachment => attachment.StorageKey).IsUnique().HasDatabaseName("ux_attachments_storage_key");
        builder.HasIndex(attachment => new { attachment.OwnerId, attachment.IdempotencyKey }).IsUnique()
            .HasFilter("idempotency_key IS NOT NULL").HasDatabaseName("ux_attachments_idempotency_key");

        // What an owner's files weigh is read from this alone.
        builder.HasIndex(attachment => attachment.OwnerId).IncludeProperties(attachment => attachment.Size).HasDatabaseName("ix_attachments_owner_id");
        builder.HasIndex(attachment => attachment.CreatedAt).HasFilter("message_id IS NULL").HasDatabaseName("ix_attachments_unsent");
        builder.HasIndex(attachment => attachment.MessageId).HasFilter("message_id IS NOT NULL").HasDatabaseName("ix_attachments_message_id");
        builder.HasIndex(attachment => attachment.ChatId).HasFilter("chat_id IS NOT NULL").HasDatabaseName("ix_attachments_chat_id");
        builder.HasIndex(attachment => attachment.GroupId).HasFilter("group_id IS NOT NULL").HasDatabaseName("ix_attachments_group_id");
    }
}
