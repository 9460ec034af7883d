using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;

namespace Explaino.ChatService.Hub;

/// <summary>Ordered delivery of its user's conversations to one device: each message at most once and in order of <c>seq</c>, whatever way and order notifications take.</summary>
/// <remarks>
/// 1. Of each conversation <see cref="ConversationDelivery"/> knows how far the device has been given it, and gives what is next.
/// 2. A conversation that is not known here, or notifications that may have been missed (<see cref="Resync"/>), lead to a comparison with the database.
/// Only the connection's loop calls it, so nothing here is locked.
/// </remarks>
internal sealed class OrderedDelivery(
    Connection connection, IEnumerable<Head> start, MessageStatements messages, GroupStatements groups, ChatMetrics metrics, TimeProvider clock)
{
    // After an outage every connection looks at once; the database is asked by a few at a time.
    private static readonly SemaphoreSlim Resyncing = new(8);

    private readonly Dictionary<Guid, ConversationDelivery> _conversations = start.ToDictionary(
        head => head.Conversation.Id, head => new ConversationDelivery(head, connection, messages, groups, metrics, clock));

    public async Task ReceiveAsync(MessageResponse message)
    {
        if (await FindAsync(message.Conversation) is { } conversation)
        {
            await conversation.ReceiveAsync(message);
        }
    }

    public async Task ReceiveChangeAsync(MessageResponse message, long change)
    {
        if (await FindAsync(message.Conversation) is { } conversation)
        {
            await conversation.ReceiveChangeAsync(message, change);
        }
    }

    public async Task ReceiveReadAsync(ConversationRead read)
    {
        if (await FindAsync(Conversation.Of(read.ChatId, read.GroupId)) is { } conversation)
        {
            await conversation.ReceiveReadAsync(read);
        }
    }

    public async Task ReceiveGroupAsync(GroupUpdated updated)
    {
        if (_conversations.TryGetValue(updated.Group.Id, out var conversation))
        {
            await conversation.ReceiveGroupAsync(updated);
        }
        else
        {
            await ResyncAsync();
        }
    }

    public async Task LeaveGroupAsync(Guid groupId, long revision)
    {
        if (_conversations.TryGetValue(groupId, out var conversation) && conversation.Revision < revision)
        {
            _conversations.Remove(groupId);
            await connection.Client.RemovedFromGroup(new RemovedFromGroup(groupId));
        }
    }

    public async Task LookForEarlierAsync(Conversation conversation)
    {
        if (_conversations.TryGetValue(conversation.Id, out var delivery))
        {
            await delivery.LookForEarlierAsync();
        }
    }

    /// <summary>Compares with the database: conversations that came or went, messages, changes.</summary>
    public async Task ResyncAsync()
    {
        await Resyncing.WaitAsync(connection.Closed);
        try
        {
            if (await messages.HeadsAsync(connection.UserId, connection.Closed) is { } heads)
            {
                await CompareAsync(heads);
            }
            else
            {
                connection.Close();
            }
        }
        finally
        {
            Resyncing.Release();
        }
    }

    private async Task CompareAsync(List<Head> heads)
    {
        foreach (var gone in _conversations.Keys.Except(heads.Select(head => head.Conversation.Id)).ToList())
        {
            await LeaveGroupAsync(gone, long.MaxValue);
        }

        foreach (var head in heads)
        {
            if (!_conversations.TryGetValue(head.Conversation.Id, out var conversation))
            {
                // Come since this connection did: nothing of it has been given yet.
                conversation = new(head with { LastSeq = head.JoinedSeq, Revision = -1 }, connection, messages, groups, metrics, clock);
                _conversations.Add(head.Conversation.Id, conversation);
            }

            await conversation.CatchUpAsync(head);
        }
    }

    private async ValueTask<ConversationDelivery?> FindAsync(Conversation conversation)
    {
        if (!_conversations.ContainsKey(conversation.Id))
        {
            await ResyncAsync();
        }

        return _conversations.GetValueOrDefault(conversation.Id);
    }
}
