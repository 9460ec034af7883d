using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Conversations;

/// <summary>What devices may have to be woken for, and when that is looked at; see <see cref="PushDues"/>.</summary>
internal sealed class PushDue
{
    /// <summary>
    /// <c>chat</c>, <c>group</c>, <c>notification</c>; <c>chat_deletion</c>, <c>group_deletion</c>, whose number is that of the deleted message with a minus, or <c>badge</c>, of which the id
    /// is the user's.
    /// </summary>
    public required string Subject { get; init; }

    public required Guid SubjectId { get; init; }

    public required long Seq { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Of a badge: the session whose deed changed it, and whose devices know; null if there were several, or none.</summary>
    public Guid? SessionId { get; init; }
}

internal sealed class PushDueConfiguration : IEntityTypeConfiguration<PushDue>
{
    public void Configure(EntityTypeBuilder<PushDue> builder)
    {
        builder.ToTable("push_dues");
        builder.HasKey(due => new { due.SubjectId, due.Seq }).HasName("pk_push_dues");
        builder.HasIndex(due => due.DueAt).HasDatabaseName("ix_push_dues_due_at");
    }
}
