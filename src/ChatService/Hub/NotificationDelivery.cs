using System.Diagnostics;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;

namespace Explaino.ChatService.Hub;

/// <summary>What becomes of a notification on a connection.</summary>
internal static class NotificationDelivery
{
    public static Task DeliverAsync(this Connection connection, Notification notification) => notification switch
    {
        MessageSent sent => connection.Delivery.ReceiveAsync(sent.Message),
        MessageChanged changed => connection.Delivery.ReceiveChangeAsync(changed.Message, changed.Change),
        GroupUpdated updated => connection.Delivery.ReceiveGroupAsync(updated),
        GroupLeft left => connection.Delivery.LeaveGroupAsync(left.GroupId, left.Revision),
        MemberRead read => connection.Delivery.ReceiveReadAsync(read.Read),
        MemberTypes types => connection.Client.Typing(types.Typing),
        ContactChanged contact => connection.Presence.ReceiveAsync(contact.Presence),
        Resync => ResyncAsync(connection),
        PresenceResync => connection.Presence.ResyncAsync(),
        GapTimedOut gap => connection.Delivery.LookForEarlierAsync(gap.Conversation),
        ConversationTouched => Task.CompletedTask,
        UnreadCounted counted => connection.Unread.ReceiveAsync(counted.Unread),
        AccountDeleted => CloseAsync(connection),
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether more or less may be unread to its user after it.</summary>
    public static bool ChangesUnread(this Notification notification, Guid userId) => notification switch
    {
        MessageSent sent => sent.Message.SenderId != userId,
        MessageChanged changed => changed.Message.DeletedAt is not null && changed.Message.SenderId != userId,
        MemberRead read => read.Read.UserId == userId,
        GroupUpdated or GroupLeft or ConversationTouched or Resync => true,
        _ => false,
    };

    private static async Task ResyncAsync(Connection connection)
    {
        await connection.Delivery.ResyncAsync();
        await connection.Presence.ResyncAsync();
    }

    private static Task CloseAsync(Connection connection)
    {
        connection.Close();
        return Task.CompletedTask;
    }
}

/// <summary>A message has waited long enough for those before it. A reminder of a connection to itself.</summary>
internal sealed record GapTimedOut(Conversation Conversation) : Notification;
