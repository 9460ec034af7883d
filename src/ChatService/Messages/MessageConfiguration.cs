using System.Linq.Expressions;
using Explaino.ChatService.Conversations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Messages;

internal sealed class ChatMessageConfiguration : IEntityTypeConfiguration<ChatMessage>
{
    public void Configure(EntityTypeBuilder<ChatMessage> builder) =>
        builder.ConfigureMessages(ConversationKind.Chat, nameof(ChatMessage.ChatId), message => message.Search);
}

internal sealed class GroupMessageConfiguration : IEntityTypeConfiguration<GroupMessage>
{
    public void Configure(EntityTypeBuilder<GroupMessage> builder) =>
        builder.ConfigureMessages(ConversationKind.Group, nameof(GroupMessage.GroupId), message => message.Search);
}

internal static class MessageTables
{
    /// <summary>The columns and indexes that make <see cref="ConversationKind"/> work for this kind of message.</summary>
    public static void ConfigureMessages<TMessage>(
        this EntityTypeBuilder<TMessage> builder, ConversationKind kind, string conversation, Expression<Func<TMessage, object?>> search)
        where TMessage : Message
    {
        builder.ToTable(kind.Messages);
        builder.HasKey(message => message.Id).HasName($"pk_{kind.Messages}");
        builder.Property(search).HasColumnType("tsvector").HasComputedColumnSql("to_tsvector('simple', coalesce(content, ''))", stored: true);
        builder.Property(message => message.Attachments).HasColumnType("jsonb");
        builder.Property(message => message.WrittenIn).HasColumnType("xid8");

        // Those that do not count as unread; there are few. Beside what serves: see docs/adr/0022.
        builder.HasIndex([conversation, nameof(Message.Seq)], $"ix_{kind.Messages}_deleted").HasFilter("deleted_at IS NOT NULL")
            .IncludeProperties(nameof(Message.SenderId)).IsCreatedConcurrently();
        builder.HasIndex(conversation, nameof(Message.Id)).HasDatabaseName($"ix_{kind.Messages}_{kind.Key}_id");
        builder.HasIndex(conversation, nameof(Message.Seq)).IsUnique().HasDatabaseName($"ux_{kind.Messages}_{kind.Key}_seq");
        builder.HasIndex(conversation, nameof(Message.SenderId), nameof(Message.ClientMessageId)).IsUnique()
            .HasFilter("client_message_id IS NOT NULL").HasDatabaseName($"ux_{kind.Messages}_client_message_id");
        builder.HasIndex(conversation, nameof(Message.Change)).IsUnique()
            .HasFilter("change IS NOT NULL").HasDatabaseName($"ux_{kind.Messages}_{kind.Key}_change");
        builder.HasIndex(conversation, nameof(Message.Search)).HasMethod("gin").HasDatabaseName($"ix_{kind.Messages}_search");
        builder.HasIndex(conversation, nameof(Message.Words)).HasMethod("gin").HasDatabaseName($"ix_{kind.Messages}_words").IsCreatedConcurrently();
    }
}
