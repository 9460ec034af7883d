using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Conversations;

/// <summary>What every conversation's own row carries.</summary>
internal interface IConversation
{
    /// <summary>The <c>seq</c> of the last message; the next one takes the number after it, holding this row until it commits.</summary>
    long LastSeq { get; }

    /// <summary>How often messages were edited or deleted; numbers those changes.</summary>
    long LastChange { get; }

    DateTimeOffset LastActivityAt { get; }
}

/// <summary>What somebody's place in a conversation carries; see docs/adr/0022 for the arithmetic of unread counts.</summary>
internal interface IMember
{
    Guid UserId { get; }

    /// <summary>The conversation's last <c>seq</c> when they came: messages up to it are history to them.</summary>
    long JoinedSeq { get; }

    long ReadSeq { get; }

    /// <summary>How many of their own messages come after <see cref="ReadSeq"/>.</summary>
    long OwnAfterRead { get; }
}

internal static class ConversationConfiguration
{
    /// <summary>The columns and indexes that make <see cref="ConversationKind"/> work for this kind of message.</summary>
    public static void ConfigureMessages<TMessage>(
        this EntityTypeBuilder<TMessage> builder, ConversationKind kind, string conversation, Expression<Func<TMessage, object?>> search)
        where TMessage : Messages.Message
    {
        builder.ToTable(kind.Messages);
        builder.HasKey(message => message.Id).HasName($"pk_{kind.Messages}");
        builder.Property(search).HasColumnType("tsvector").HasComputedColumnSql("to_tsvector('simple', coalesce(content, ''))", stored: true);
        builder.HasIndex(conversation, nameof(Messages.Message.Id)).HasDatabaseName($"ix_{kind.Messages}_{kind.Key}_id");
        builder.HasIndex(conversation, nameof(Messages.Message.Seq)).IsUnique().HasDatabaseName($"ux_{kind.Messages}_{kind.Key}_seq");
        builder.HasIndex(conversation, nameof(Messages.Message.SenderId), nameof(Messages.Message.ClientMessageId)).IsUnique()
            .HasFilter("client_message_id IS NOT NULL").HasDatabaseName($"ux_{kind.Messages}_client_message_id");
        builder.HasIndex(conversation, nameof(Messages.Message.Change)).IsUnique()
            .HasFilter("change IS NOT NULL").HasDatabaseName($"ux_{kind.Messages}_{kind.Key}_change");
        builder.HasIndex(conversation, nameof(Messages.Message.Search)).HasMethod("gin").HasDatabaseName($"ix_{kind.Messages}_search");
    }
}
