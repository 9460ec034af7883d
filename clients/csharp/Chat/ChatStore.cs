namespace Explaino.Client;

/// <summary>All conversations of one person, made equal to the server's by what sync and hub bring, in any order (docs/chat-protocol.md).</summary>
public sealed class ChatStore
{
    /// <summary>How many conversations a sync may name.</summary>
    private const int LargestSync = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Conversation> _conversations = [];

    public UnreadResponse Unread { get; private set; } = new();

    /// <summary>The latest activity first.</summary>
    public IReadOnlyList<Conversation> Conversations
    {
        get
        {
            lock (_lock)
            {
                return [.. _conversations.Values.OrderByDescending(conversation => conversation.Summary.Last_message?.Created_at ?? conversation.Summary.Created_at)];
            }
        }
    }

    public IReadOnlyList<MessageResponse> MessagesOf(Guid conversation)
    {
        lock (_lock)
        {
            return [.. _conversations.GetValueOrDefault(conversation)?.Messages ?? []];
        }
    }

    /// <summary>How far a member has read.</summary>
    public long ReadUpTo(Guid conversation, Guid member)
    {
        lock (_lock)
        {
            return _conversations.GetValueOrDefault(conversation)?.Read.GetValueOrDefault(member) ?? 0;
        }
    }

    internal List<KnownConversationRequest> Known() => [.. Conversations.Take(LargestSync).Select(conversation => conversation.Known)];

    internal void Take(SyncResponse answer, IReadOnlyList<KnownConversationRequest> asked)
    {
        lock (_lock)
        {
            foreach (var summary in answer.Conversations)
            {
                TakeSummary(summary, asked.FirstOrDefault(known => (known.Chat_id ?? known.Group_id) == summary.Id));
            }

            foreach (var message in answer.Messages)
            {
                Of(message)?.Put(message);
                Of(message)?.Advance(message.Seq, 0);
            }

            foreach (var message in answer.Changed)
            {
                Of(message)?.Put(message);
                Of(message)?.Advance(0, message.Change ?? 0);
            }

            foreach (var id in answer.Gone)
            {
                _conversations.Remove(id);
            }
        }

        foreach (var read in answer.Read)
        {
            Take(read);
        }

        Take(answer.Unread);
    }

    /// <summary>What the hub brought: new, edited or deleted.</summary>
    /// <returns>Whether its conversation is known; if not, a sync brings it.</returns>
    internal bool Take(MessageResponse message)
    {
        lock (_lock)
        {
            if (Of(message) is not { } conversation)
            {
                return false;
            }

            conversation.Put(message);
            conversation.Advance(0, message.Change == conversation.Change + 1 ? conversation.Change + 1 : 0);
            return true;
        }
    }

    internal void Take(ConversationRead read)
    {
        lock (_lock)
        {
            if (_conversations.GetValueOrDefault(read.Chat_id ?? read.Group_id ?? default) is { } conversation)
            {
                conversation.Read[read.User_id] = Math.Max(read.Seq, conversation.Read.GetValueOrDefault(read.User_id));
            }
        }
    }

    internal void Take(UnreadResponse unread) => Unread = unread;

    internal void Leave(Guid conversation)
    {
        lock (_lock)
        {
            _conversations.Remove(conversation);
        }
    }

    private void TakeSummary(SyncedConversation summary, KnownConversationRequest? asked)
    {
        var former = _conversations.GetValueOrDefault(summary.Id);

        // Restored from a backup: its messages are not what they were. What the hub has brought since it was asked is newer, and no sign of that.
        var isRestored = summary.Last_seq < (asked?.Seq ?? 0) || summary.Last_change < (asked?.Change ?? 0);
        if (former is null || isRestored)
        {
            _conversations[summary.Id] = new(summary);
        }
        else
        {
            former.Summary = summary;
        }
    }

    private Conversation? Of(MessageResponse message) => _conversations.GetValueOrDefault(message.Chat_id ?? message.Group_id ?? default);
}
