using Explaino.ChatService.Attachments;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Groups;

internal sealed class GroupChatConfiguration : IEntityTypeConfiguration<GroupChat>
{
    public const string SizeCheck = "ck_group_chats_participant_count";

    public void Configure(EntityTypeBuilder<GroupChat> builder)
    {
        builder.ToTable(
            ConversationKind.Group.Table,
            table => table.HasCheckConstraint(SizeCheck, $"participant_count BETWEEN 1 AND {GroupChat.MaximumParticipants}"));
        builder.HasKey(group => group.GroupId).HasName("pk_group_chats");
        builder.HasMany<GroupMessage>().WithOne().HasForeignKey(message => message.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany<Attachment>().WithOne().HasForeignKey(attachment => attachment.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(group => group.Participants).WithOne().HasForeignKey(participant => participant.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ParticipantConfiguration : IEntityTypeConfiguration<Participant>
{
    public void Configure(EntityTypeBuilder<Participant> builder)
    {
        builder.ToTable(ConversationKind.Group.Members, table => table.HasCheckConstraint("ck_group_chat_participants_role", "role IN ('owner', 'admin', 'member')"));
        builder.HasKey(participant => participant.Id).HasName("pk_group_chat_participants");
        builder.Property(participant => participant.Id).ValueGeneratedNever();
        builder.Property(participant => participant.Role).StoredAsWord();
        builder.Property(participant => participant.Pinned).HasDefaultValue(false);
        builder.Property(participant => participant.Archived).HasDefaultValue(false);
        builder.HasIndex(participant => new { participant.GroupId, participant.UserId }).IsUnique().HasDatabaseName("ux_group_chat_participants_group_id_user_id");
        builder.HasIndex(participant => participant.UserId).HasDatabaseName("ix_group_chat_participants_user_id");
    }
}
