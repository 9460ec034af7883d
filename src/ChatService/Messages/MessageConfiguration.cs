using Explaino.ChatService.Chats;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Messages;

internal sealed class ChatMessageConfiguration : IEntityTypeConfiguration<ChatMessage>
{
    public void Configure(EntityTypeBuilder<ChatMessage> builder)
    {
        builder.ConfigureMessages(ConversationKind.Chat, nameof(ChatMessage.ChatId), message => message.Search);
        builder.HasOne<Chat>().WithMany().HasForeignKey(message => message.ChatId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GroupMessageConfiguration : IEntityTypeConfiguration<GroupMessage>
{
    public void Configure(EntityTypeBuilder<GroupMessage> builder)
    {
        builder.ConfigureMessages(ConversationKind.Group, nameof(GroupMessage.GroupId), message => message.Search);
        builder.HasOne<GroupChat>().WithMany().HasForeignKey(message => message.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}
