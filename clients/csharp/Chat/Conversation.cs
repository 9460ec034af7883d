namespace Explaino.Client;

/// <summary>Conversation as a device keeps it.</summary>
public sealed class Conversation
{
    private readonly SortedDictionary<long, MessageResponse> _messages = [];

    internal Conversation(SyncedConversation summary) => (Summary, Change) = (summary, summary.Last_change);

    public Guid Id => Summary.Id;

    public bool IsGroup => Summary.Peer is null;

    public SyncedConversation Summary { get; internal set; }

    /// <summary>Up to which number all messages are here.</summary>
    public long Seq { get; private set; }

    /// <summary>Up to which number all edits and deletions are here.</summary>
    public long Change { get; private set; }

    /// <summary>In order of their numbers.</summary>
    public IReadOnlyCollection<MessageResponse> Messages => _messages.Values;

    /// <summary>How far each member has read.</summary>
    internal Dictionary<Guid, long> Read { get; } = [];

    internal KnownConversationRequest Known => new() { Chat_id = IsGroup ? null : Id, Group_id = IsGroup ? Id : null, Seq = Seq, Change = Change, Revision = Summary.Revision };

    /// <summary>Of two versions of a message the later one stays.</summary>
    internal void Put(MessageResponse message)
    {
        if (!_messages.TryGetValue(message.Seq, out var known) || (message.Change ?? 0) >= (known.Change ?? 0))
        {
            _messages[message.Seq] = message;
        }
    }

    /// <summary>A number that follows what is here by one moves it on; sync says how far it is besides.</summary>
    internal void Advance(long seq, long change)
    {
        (Seq, Change) = (Math.Max(Seq, seq), Math.Max(Change, change));
        while (_messages.ContainsKey(Seq + 1))
        {
            Seq++;
        }
    }
}
