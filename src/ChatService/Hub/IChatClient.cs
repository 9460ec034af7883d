using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Unread;

namespace Explaino.ChatService.Hub;

/// <summary>What the server says to a connected client; see docs/chat-protocol.md.</summary>
public interface IChatClient
{
    Task MessageReceived(MessageResponse message);

    Task MessageUpdated(MessageResponse message);

    Task MessageDeleted(MessageResponse message);

    Task ConversationRead(ConversationRead read);

    Task Typing(Typing typing);

    Task PresenceChanged(PresenceChanged presence);

    Task GroupChanged(GroupResponse group);

    Task GroupChanged(LeanGroupChanged group);

    Task RemovedFromGroup(RemovedFromGroup removed);

    Task UnreadChanged(UnreadResponse unread);
}
