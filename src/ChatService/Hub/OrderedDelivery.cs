using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;

namespace Explaino.ChatService.Hub;

/// <summary>Ordered delivery of its user's conversations to one device: each message at most once and in order of <c>seq</c>, whatever way and order notifications take.</summary>
/// <remarks>
/// 1. A message that is next is given; one that was given is dropped; one that is early waits a moment for those before it.
/// 2. What does not come in that moment, or may have been missed otherwise (<see cref="Resync"/>), is read from the database.
/// Only the connection's loop calls it, so nothing here is locked.
/// </remarks>
internal sealed class OrderedDelivery(
    Connection connection, IEnumerable<Head> start, MessageStatements messages, GroupStatements groups, ChatMetrics metrics, TimeProvider clock)
{
    private const int PageSize = 200;
    private static readonly TimeSpan GapTimeout = TimeSpan.FromMilliseconds(50);

    // After an outage every connection looks at once; the database is asked by a few at a time.
    private static readonly SemaphoreSlim Resyncing = new(8);

    private readonly Dictionary<Guid, Position> _positions = start.ToDictionary(head => head.Conversation.Id, head => new Position(head));

    public async Task ReceiveAsync(MessageResponse message)
    {
        if (await FindAsync(message.Conversation) is not { } position || message.Seq <= position.Seq)
        {
            return;
        }

        if (message.Seq > position.Seq + 1)
        {
            HoldBack(position, message);
            return;
        }

        await GiveAsync(position, message);
        while (position.Early?.Remove(position.Seq + 1, out var next) == true)
        {
            await GiveAsync(position, next);
        }
    }

    public async Task ReceiveChangeAsync(MessageResponse message, long change)
    {
        if (await FindAsync(message.Conversation) is not { } position || change <= position.Change)
        {
            return;
        }

        if (change > position.Change + 1)
        {
            await CatchUpWithChangesAsync(position);
            return;
        }

        await GiveChangeAsync(position, message, change);
    }

    /// <summary>Those of one member may come in any order; what is behind what was told already is no news.</summary>
    public async Task ReceiveReadAsync(ConversationRead read)
    {
        if (await FindAsync(Conversation.Of(read.ChatId, read.GroupId)) is { } position && position.Reads(read.UserId, read.Seq))
        {
            await connection.Client.ConversationRead(read);
        }
    }

    public async Task ReceiveGroupAsync(GroupUpdated updated)
    {
        if (_positions.TryGetValue(updated.Group.Id, out var position))
        {
            await GiveGroupAsync(position, updated);
        }
        else
        {
            await ResyncAsync();
        }
    }

    public async Task LeaveGroupAsync(Guid groupId, long revision)
    {
        if (_positions.TryGetValue(groupId, out var position) && position.Revision < revision)
        {
            _positions.Remove(groupId);
            await connection.Client.RemovedFromGroup(new RemovedFromGroup(groupId));
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
        foreach (var gone in _positions.Keys.Except(heads.Select(head => head.Conversation.Id)).ToList())
        {
            await LeaveGroupAsync(gone, long.MaxValue);
        }

        foreach (var head in heads)
        {
            if (!_positions.TryGetValue(head.Conversation.Id, out var position))
            {
                // Come since this connection did: nothing of it has been given yet.
                position = new Position(head with { LastSeq = head.JoinedSeq, Revision = -1 });
                _positions.Add(head.Conversation.Id, position);
            }

            if (head.Conversation.GroupId is { } groupId && head.Revision > position.Revision
                && await groups.FindAsync(groupId, connection.Closed) is { } group)
            {
                await GiveGroupAsync(position, new(group, head.Revision));
            }

            if (head.LastSeq > position.Seq)
            {
                await CatchUpAsync(position);
            }

            if (head.LastChange > position.Change)
            {
                await CatchUpWithChangesAsync(position);
            }
        }
    }

    private async ValueTask<Position?> FindAsync(Conversation conversation)
    {
        if (!_positions.ContainsKey(conversation.Id))
        {
            await ResyncAsync();
        }

        return _positions.GetValueOrDefault(conversation.Id);
    }

    private async Task GiveAsync(Position position, MessageResponse message)
    {
        await connection.Client.MessageReceived(message);
        position.Seq = message.Seq;
    }

    private async Task GiveChangeAsync(Position position, MessageResponse message, long change)
    {
        if (message.Seq > position.Seq)
        {
            // Otherwise the message would come after its own change, as it was before.
            await CatchUpAsync(position);
        }

        await (message.DeletedAt is null ? connection.Client.MessageUpdated(message) : connection.Client.MessageDeleted(message));
        position.Change = change;
    }

    private async Task GiveGroupAsync(Position position, GroupUpdated updated)
    {
        if (updated.Revision <= position.Revision)
        {
            return;
        }

        if (!connection.IsLean)
        {
            await connection.Client.GroupChanged(updated.Group);
        }
        else if (await groups.RevisionAsync(updated.Group.Id, connection.UserId, connection.Closed) is { } revision)
        {
            // What came to pass between two revisions is known of neighbours only.
            var changes = updated.Revision == position.Revision + 1 ? updated.Changes : null;
            await connection.Client.GroupChanged(
                new LeanGroupChanged(updated.Group.Id, revision, updated.Group.ParticipantCount, changes?.Joined, changes?.Left, changes?.RoleChanged));
        }

        position.Revision = updated.Revision;
    }

    /// <summary>Two that committed one after the other may be announced the other way round, or by two instances.</summary>
    private void HoldBack(Position position, MessageResponse message)
    {
        if (position.Early is null)
        {
            position.Early = [];
            _ = TimeOutAsync(position.Conversation);
        }

        position.Early.TryAdd(message.Seq, message);
    }

    private async Task TimeOutAsync(Conversation conversation)
    {
        await Task.Delay(GapTimeout, clock);
        connection.Send(new GapTimedOut(conversation));
    }

    public async Task LookForEarlierAsync(Conversation conversation)
    {
        if (_positions.TryGetValue(conversation.Id, out var position) && position.Early is { } early)
        {
            if (early.Keys.Any(seq => seq > position.Seq))
            {
                await CatchUpAsync(position);
            }

            position.Early = null;
        }
    }

    private async Task CatchUpAsync(Position position)
    {
        metrics.CatchUps.Add(1);
        List<MessageResponse> missed;
        do
        {
            missed = await messages.SentAfterAsync(position.Conversation, connection.UserId, position.Seq, PageSize, connection.Closed);
            foreach (var message in missed)
            {
                await GiveAsync(position, message);
            }
        }
        while (missed.Count == PageSize);
    }

    private async Task CatchUpWithChangesAsync(Position position)
    {
        List<MessageResponse> missed;
        do
        {
            missed = await messages.ChangedAfterAsync(position.Conversation, connection.UserId, position.Change, PageSize, connection.Closed);
            foreach (var message in missed)
            {
                await GiveChangeAsync(position, message, message.Change!.Value);
            }
        }
        while (missed.Count == PageSize);
    }

    /// <summary>How far this device has been given a conversation.</summary>
    private sealed class Position(Head head)
    {
        private readonly Dictionary<Guid, long> _read = [];

        public Conversation Conversation { get; } = head.Conversation;

        public long Seq { get; set; } = head.LastSeq;

        public long Change { get; set; } = head.LastChange;

        public long Revision { get; set; } = head.Revision;

        public Dictionary<long, MessageResponse>? Early { get; set; }

        /// <summary>Whether a member had not read as far yet. An instance of an older version tells no number: 0.</summary>
        public bool Reads(Guid userId, long seq)
        {
            if (seq > 0 && _read.GetValueOrDefault(userId) >= seq)
            {
                return false;
            }

            _read[userId] = Math.Max(seq, _read.GetValueOrDefault(userId));
            return true;
        }
    }
}
