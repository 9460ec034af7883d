using System.Text.Json.Serialization;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;

namespace Explaino.ChatService.RealTime;

/// <summary>Something that connections are told, here and on other instances. It may come twice, late, out of order, or not at all: see docs/adr/0009.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "notice")]
[JsonDerivedType(typeof(MessageSent), "message_sent")]
[JsonDerivedType(typeof(MessageChanged), "message_changed")]
[JsonDerivedType(typeof(MemberRead), "member_read")]
[JsonDerivedType(typeof(MemberTypes), "member_types")]
[JsonDerivedType(typeof(ContactChanged), "contact_changed")]
[JsonDerivedType(typeof(GroupUpdated), "group_updated")]
[JsonDerivedType(typeof(GroupLeft), "group_left")]
[JsonDerivedType(typeof(AccountDeleted), "account_deleted")]
[JsonDerivedType(typeof(Refresh), "refresh")]
internal abstract record Notice
{
    internal abstract Task DeliverAsync(Connection connection);
}

internal sealed record MessageSent(MessageResponse Message) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Feed.ReceiveAsync(Message);
}

/// <param name="Message">As it is now.</param>
/// <param name="Change">The number of the change in its conversation.</param>
internal sealed record MessageChanged(MessageResponse Message, long Change) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Feed.ReceiveChangeAsync(Message, Change);
}

internal sealed record MemberRead(ConversationRead Read) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Client.ConversationRead(Read);
}

internal sealed record MemberTypes(Typing Typing) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Client.Typing(Typing);
}

internal sealed record ContactChanged(PresenceChanged Presence) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Client.PresenceChanged(Presence);
}

internal sealed record GroupUpdated(GroupResponse Group, long Revision) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Feed.ReceiveGroupAsync(Group, Revision);
}

internal sealed record GroupLeft(Guid GroupId, long Revision) : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Feed.LeaveGroupAsync(GroupId, Revision);
}

internal sealed record AccountDeleted : Notice
{
    internal override Task DeliverAsync(Connection connection)
    {
        connection.Close();
        return Task.CompletedTask;
    }
}

/// <summary>Something may have been missed: look.</summary>
internal sealed record Refresh : Notice
{
    internal override Task DeliverAsync(Connection connection) => connection.Feed.RefreshAsync();
}
