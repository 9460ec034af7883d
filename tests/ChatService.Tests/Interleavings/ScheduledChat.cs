using Explaino.ChatService.Conversations;
using Explaino.ChatService.Hub;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;
using Explaino.Testing.Interleavings;

namespace Explaino.ChatService.Tests.Interleavings;

/// <summary>A chat whose members send and edit on several instances: committed in order, announced in any, twice or not at all; read as a database reads, between any two commits.</summary>
/// <param name="schedule">When what happens.</param>
/// <param name="loses">Whether announcements are lost, before a <see cref="Resync"/> tells that they may be.</param>
internal sealed class ScheduledChat(Schedule schedule, bool loses) : MessageStatements(null!)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);

    private readonly List<MessageResponse> _messages = [];
    private long _change;

    public Conversation Conversation { get; } = Conversation.Chat(Guid.CreateVersion7());

    public IReadOnlyList<MessageResponse> Messages => _messages;

    /// <summary>Whether reads may leave out the last but one, as they would if two messages could commit in another order than that of their numbers.</summary>
    public bool CommitsOutOfOrder { get; init; }

    public Head Head => new(Conversation, _messages.Count, _change, 0, 0);

    public async Task TalkAsync(Connection device, int times)
    {
        foreach (var _ in Enumerable.Range(0, times))
        {
            await schedule.PauseAsync(TimeSpan.Zero, Moment, Gap);
            if (_messages.Count > 0 && schedule.Choose(3) == 0)
            {
                Announce(device, Edit());
            }
            else
            {
                Announce(device, Say());
            }
        }
    }

    public override async Task<List<Head>?> HeadsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await PauseAsync();
        List<Head> heads = [Head];
        await PauseAsync();
        return heads;
    }

    public override Task<List<MessageResponse>> SentAfterAsync(Conversation conversation, Guid userId, long seq, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => _messages.Where(message => message.Seq > seq && !(CommitsOutOfOrder && message.Seq == _messages.Count - 1)), limit);

    public override Task<List<MessageResponse>> ChangedAfterAsync(Conversation conversation, Guid userId, long change, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => _messages.Where(message => message.Change > change).OrderBy(message => message.Change), limit);

    private MessageSent Say()
    {
        var message = new MessageResponse(Guid.CreateVersion7(), Conversation.Id, null, _messages.Count + 1, Guid.Empty, "as it was", null, default, null, null, null, []);
        _messages.Add(message);
        return new(message);
    }

    private MessageChanged Edit()
    {
        var index = schedule.Choose(_messages.Count);
        var isDeletion = schedule.Choose(3) == 0;
        _messages[index] = _messages[index] with { Change = ++_change, Content = $"change {_change}", DeletedAt = isDeletion ? default(DateTimeOffset) : _messages[index].DeletedAt };
        return new(_messages[index], _change);
    }

    private void Announce(Connection device, Notification notification) => schedule.Run(() => AnnounceAsync(device, notification));

    private async Task AnnounceAsync(Connection device, Notification notification)
    {
        await schedule.PauseAsync(TimeSpan.Zero, Moment, Gap);
        if (loses && schedule.Choose(3) == 0)
        {
            await schedule.PauseAsync(TimeSpan.Zero, 4 * Gap);
            notification = new Resync();
        }

        device.Send(notification);
        if (schedule.Choose(4) == 0)
        {
            await schedule.PauseAsync(TimeSpan.Zero, Gap);
            device.Send(notification);
        }
    }

    private async Task<List<MessageResponse>> ReadAsync(Func<IEnumerable<MessageResponse>> read, int limit)
    {
        await PauseAsync();
        var found = read().Take(limit).ToList();
        await PauseAsync();
        return found;
    }

    /// <summary>On its way to the database and back; now and then it is away.</summary>
    private async Task PauseAsync()
    {
        await schedule.PauseAsync(TimeSpan.Zero, Moment);
        if (schedule.Choose(16) == 0)
        {
            throw new TimeoutException();
        }
    }
}
