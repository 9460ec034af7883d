using System.Security.Claims;
using System.Threading.Channels;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Explaino.ChatService.RealTime;

/// <summary>One device of one user. Gives it each message at most once and in order of <c>seq</c>, whatever way and order notices take.</summary>
/// <remarks>
/// 1. Notices are put into a bounded mailbox, by anyone and without waiting; a device that does not keep up is cut, and catches up when it comes back.
/// 2. One loop takes them out. A message that is next is given; one that was given is dropped; one that is early waits a moment for those before it.
/// 3. What does not come in that moment, or may have been missed otherwise (<see cref="Refresh"/>), is read from the database.
/// </remarks>
internal sealed class Connection(HubCallerContext context, IChatClient client, IEnumerable<Head> start, MessageReader messages, GroupReader groups, ILogger logger)
{
    private const int MailboxSize = 1_000;
    private const int PageSize = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // After an outage every connection looks at once; the database is asked by a few at a time.
    private static readonly SemaphoreSlim Refreshing = new(8);

    private readonly Channel<Notice> _mailbox =
        Channel.CreateBounded<Notice>(new BoundedChannelOptions(MailboxSize) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Dictionary<Guid, Position> _positions = start.ToDictionary(head => head.Conversation.Id, head => new Position(head));

    private long _expiresAt = ExpiryOf(context.User!);

    public Guid UserId { get; } = context.User!.Id();

    public Guid SessionId { get; } = context.User!.SessionId();

    public IChatClient Client => client;

    public Allowance Allowance { get; } = new();

    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(Interlocked.Read(ref _expiresAt));

    public void Renew(ClaimsPrincipal user) => Interlocked.Exchange(ref _expiresAt, ExpiryOf(user));

    /// <summary>Never waits.</summary>
    public void Post(Notice notice)
    {
        if (!_mailbox.Writer.TryWrite(notice) && !context.ConnectionAborted.IsCancellationRequested)
        {
            logger.LogInformation("A connection that did not keep up was cut");
            ChatMetrics.ConnectionsCut.Add(1);
            context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        }
    }

    /// <summary>Ends it for good: the client is told not to come back by itself.</summary>
    public void Close() => context.Abort();

    /// <summary>Ends it in such a way that the client comes back, with a new token.</summary>
    public void Expire() => context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public async Task RunAsync()
    {
        var closed = context.ConnectionAborted;
        try
        {
            await foreach (var notice in _mailbox.Reader.ReadAllAsync(closed))
            {
                while (!await TryDeliverAsync(notice))
                {
                    await Task.Delay(Pause, closed);
                }
            }
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The device went away.
        }
        catch (Exception e)
        {
            logger.LogError(e, "A connection failed and was cut");
            context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        }
    }

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

    public async Task ReceiveGroupAsync(GroupResponse group, long revision)
    {
        if (_positions.TryGetValue(group.Id, out var position))
        {
            await GiveGroupAsync(position, group, revision);
        }
        else
        {
            await RefreshAsync();
        }
    }

    public async Task LeaveGroupAsync(Guid groupId, long revision)
    {
        if (_positions.TryGetValue(groupId, out var position) && position.Revision < revision)
        {
            _positions.Remove(groupId);
            await client.RemovedFromGroup(new RemovedFromGroup(groupId));
        }
    }

    /// <summary>Compares with the database: conversations that came or went, messages, changes.</summary>
    public async Task RefreshAsync()
    {
        await Refreshing.WaitAsync(context.ConnectionAborted);
        try
        {
            if (await messages.HeadsAsync(UserId, context.ConnectionAborted) is { } heads)
            {
                await CompareAsync(heads);
            }
            else
            {
                Close();
            }
        }
        finally
        {
            Refreshing.Release();
        }
    }

    private static long ExpiryOf(ClaimsPrincipal user) => long.Parse(user.FindFirstValue("exp")!);

    private async Task<bool> TryDeliverAsync(Notice notice)
    {
        try
        {
            await notice.DeliverAsync(this);
            return true;
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return false;
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
                && await groups.FindAsync(groupId, context.ConnectionAborted) is { } group)
            {
                await GiveGroupAsync(position, group, head.Revision);
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
            await RefreshAsync();
        }

        return _positions.GetValueOrDefault(conversation.Id);
    }

    private async Task GiveAsync(Position position, MessageResponse message)
    {
        await client.MessageReceived(message);
        position.Seq = message.Seq;
    }

    private async Task GiveChangeAsync(Position position, MessageResponse message, long change)
    {
        if (message.Seq > position.Seq)
        {
            // Otherwise the message would come after its own change, as it was before.
            await CatchUpAsync(position);
        }

        await (message.DeletedAt is null ? client.MessageUpdated(message) : client.MessageDeleted(message));
        position.Change = change;
    }

    private async Task GiveGroupAsync(Position position, GroupResponse group, long revision)
    {
        if (revision > position.Revision)
        {
            await client.GroupChanged(group);
            position.Revision = revision;
        }
    }

    /// <summary>Two that committed one after the other may be announced the other way round, or by two instances.</summary>
    private void HoldBack(Position position, MessageResponse message)
    {
        if (position.Early is null)
        {
            position.Early = [];
            _ = RemindAsync(position.Conversation);
        }

        position.Early.TryAdd(message.Seq, message);
    }

    private async Task RemindAsync(Conversation conversation)
    {
        await Task.Delay(Patience);
        Post(new Overdue(conversation));
    }

    private async Task LookForEarlierAsync(Conversation conversation)
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
        ChatMetrics.CatchUps.Add(1);
        List<MessageResponse> missed;
        do
        {
            missed = await messages.SentAfterAsync(position.Conversation, UserId, position.Seq, PageSize, context.ConnectionAborted);
            foreach (var message in missed)
            {
                await GiveAsync(position, message);
            }
        }
        while (missed.Count == PageSize);
    }

    private async Task CatchUpWithChangesAsync(Position position)
    {
        List<(MessageResponse Message, long Change)> missed;
        do
        {
            missed = await messages.ChangedAfterAsync(position.Conversation, UserId, position.Change, PageSize, context.ConnectionAborted);
            foreach (var (message, change) in missed)
            {
                await GiveChangeAsync(position, message, change);
            }
        }
        while (missed.Count == PageSize);
    }

    /// <summary>How far this device has been given a conversation.</summary>
    private sealed class Position(Head head)
    {
        public Conversation Conversation { get; } = head.Conversation;

        public long Seq { get; set; } = head.LastSeq;

        public long Change { get; set; } = head.LastChange;

        public long Revision { get; set; } = head.Revision;

        public Dictionary<long, MessageResponse>? Early { get; set; }
    }

    /// <summary>A reminder to itself; never leaves the instance.</summary>
    private sealed record Overdue(Conversation Conversation) : Notice
    {
        internal override Task DeliverAsync(Connection connection) => connection.LookForEarlierAsync(Conversation);
    }
}
