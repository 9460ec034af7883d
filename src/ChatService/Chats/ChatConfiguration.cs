using Explaino.ChatService.Attachments;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Chats;

internal sealed class ChatConfiguration : IEntityTypeConfiguration<Chat>
{
    public void Configure(EntityTypeBuilder<Chat> builder)
    {
        builder.ToTable(ConversationKind.Chat.Table, table => table.HasCheckConstraint("ck_chats_pair", "user_low < user_high"));
        builder.HasKey(chat => chat.ChatId).HasName("pk_chats");
        builder.HasMany<ChatMessage>().WithOne().HasForeignKey(message => message.ChatId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany<Attachment>().WithOne().HasForeignKey(attachment => attachment.ChatId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(chat => new { chat.UserLow, chat.UserHigh }).IsUnique().HasDatabaseName("ux_chats_pair");

        // Either side's chats come from an index, latest activity first.
        builder.HasIndex(chat => new { chat.UserLow, chat.LastActivityAt, chat.ChatId }).HasDatabaseName("ix_chats_user_low_activity");
        builder.HasIndex(chat => new { chat.UserHigh, chat.LastActivityAt, chat.ChatId }).HasDatabaseName("ix_chats_user_high_activity");
    }
}

internal sealed class ChatMemberConfiguration : IEntityTypeConfiguration<ChatMember>
{
    public void Configure(EntityTypeBuilder<ChatMember> builder)
    {
        builder.ToTable(ConversationKind.Chat.Members);
        builder.HasKey(member => new { member.ChatId, member.UserId }).HasName("pk_chat_members");
        builder.HasOne<Chat>().WithMany().HasForeignKey(member => member.ChatId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(member => member.Pinned).HasDefaultValue(false);
        builder.Property(member => member.Archived).HasDefaultValue(false);
        builder.HasIndex(member => member.UserId).HasDatabaseName("ix_chat_members_user_id");
    }
}
