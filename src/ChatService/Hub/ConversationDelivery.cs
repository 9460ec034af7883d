using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;

namespace Explaino.ChatService.Hub;

/// <summary>Ordered delivery of one conversation to one device, and how far the device has been given it.</summary>
/// <remarks>
/// 1. A message that is next is given; one that was given is dropped; one that is early waits a moment for those before it.
/// 2. What does not come in that moment is read from the database.
/// </remarks>
internal sealed class ConversationDelivery(
    Head head, Connection connection, MessageStatements messages, GroupStatements groups, ChatMetrics metrics, TimeProvider clock)
{
    private const int PageSize = 200;
    private static readonly TimeSpan GapTimeout = TimeSpan.FromMilliseconds(50);

    private readonly Conversation _conversation = head.Conversation;
    private long _seq = head.LastSeq;
    private long _change = head.LastChange;

    // Made when they are needed: a device is in many conversations of which most are silent.
    private Dictionary<Guid, long>? _read;
    private Dictionary<long, MessageResponse>? _early;

    /// <summary>Of a group: which of its versions the device knows.</summary>
    public long Revision { get; private set; } = head.Revision;

    public async Task ReceiveAsync(MessageResponse message)
    {
        if (message.Seq <= _seq)
        {
            return;
        }

        if (message.Seq > _seq + 1)
        {
            HoldBack(message);
            return;
        }

        await GiveAsync(message);
        while (_early?.Remove(_seq + 1, out var next) == true)
        {
            await GiveAsync(next);
        }
    }

    public async Task ReceiveChangeAsync(MessageResponse message, long change)
    {
        if (change <= _change)
        {
            return;
        }

        if (change > _change + 1)
        {
            await CatchUpWithChangesAsync();
            return;
        }

        await GiveChangeAsync(message, change);
    }

    /// <summary>Those of one member may come in any order; what is behind what was told already is no news.</summary>
    public async Task ReceiveReadAsync(ConversationRead read)
    {
        // An instance of an older version tells no number: 0.
        _read ??= [];
        var known = _read.GetValueOrDefault(read.UserId);
        if (read.Seq <= 0 || read.Seq > known)
        {
            _read[read.UserId] = Math.Max(read.Seq, known);
            await connection.Client.ConversationRead(read);
        }
    }

    public async Task ReceiveGroupAsync(GroupUpdated updated)
    {
        if (updated.Revision <= Revision)
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
            var changes = updated.Revision == Revision + 1 ? updated.Changes : null;
            await connection.Client.GroupChanged(
                new LeanGroupChanged(updated.Group.Id, revision, updated.Group.ParticipantCount, changes?.Joined, changes?.Left, changes?.RoleChanged));
        }

        Revision = updated.Revision;
    }

    /// <summary>The moment is over in which what is missing before a message that was early could still come.</summary>
    public async Task LookForEarlierAsync()
    {
        if (_early is { } early)
        {
            if (early.Keys.Any(seq => seq > _seq))
            {
                await CatchUpAsync();
            }

            _early = null;
        }
    }

    /// <summary>Reads whatever the device has not been given of where the conversation stands by now.</summary>
    public async Task CatchUpAsync(Head now)
    {
        if (_conversation.GroupId is { } groupId && now.Revision > Revision && await groups.FindAsync(groupId, connection.Closed) is { } group)
        {
            await ReceiveGroupAsync(new(group, now.Revision));
        }

        if (now.LastSeq > _seq)
        {
            await CatchUpAsync();
        }

        if (now.LastChange > _change)
        {
            await CatchUpWithChangesAsync();
        }
    }

    private async Task GiveAsync(MessageResponse message)
    {
        await connection.Client.MessageReceived(message);
        _seq = message.Seq;
    }

    private async Task GiveChangeAsync(MessageResponse message, long change)
    {
        if (message.Seq > _seq)
        {
            // Otherwise the message would come after its own change, as it was before.
            await CatchUpAsync();
        }

        await (message.DeletedAt is null ? connection.Client.MessageUpdated(message) : connection.Client.MessageDeleted(message));
        _change = change;
    }

    /// <summary>Two that committed one after the other may be announced the other way round, or by two instances.</summary>
    private void HoldBack(MessageResponse message)
    {
        if (_early is null)
        {
            _early = [];
            _ = TimeOutAsync();
        }

        _early.TryAdd(message.Seq, message);
    }

    private async Task TimeOutAsync()
    {
        await Task.Delay(GapTimeout, clock);
        connection.Send(new GapTimedOut(_conversation));
    }

    private async Task CatchUpAsync()
    {
        metrics.CatchUps.Add(1);
        List<MessageResponse> missed;
        do
        {
            missed = await messages.SentAfterAsync(_conversation, connection.UserId, _seq, PageSize, connection.Closed);
            foreach (var message in missed)
            {
                await GiveAsync(message);
            }
        }
        while (missed.Count == PageSize);
    }

    private async Task CatchUpWithChangesAsync()
    {
        List<MessageResponse> missed;
        do
        {
            missed = await messages.ChangedAfterAsync(_conversation, connection.UserId, _change, PageSize, connection.Closed);
            foreach (var message in missed)
            {
                await GiveChangeAsync(message, message.Change!.Value);
            }
        }
        while (missed.Count == PageSize);
    }
}
