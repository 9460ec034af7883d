using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Chats;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Unread;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ChatService.Sync;

/// <summary>What a device has.</summary>
public sealed record SyncRequest(
    [property: MaxLength(SyncRequest.MostKnown, ErrorMessage = "Must be at most 1000."), Description("The conversations that it knows; nothing is the same as none.")]
    IReadOnlyList<KnownConversationRequest>? Known,
    [property: NumberRange(0, SyncRequest.LongestWait, ErrorMessage = "Must be 0 to 25."), Description("How many seconds to wait for something to differ, 0 to 25; 0 if absent.")]
    int? Wait) : IValidatableObject
{
    public const int MostKnown = 1_000;
    public const int LongestWait = 25;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var named = new HashSet<Conversation>();
        foreach (var (index, known) in (Known ?? []).Index())
        {
            if (known is null || known.ChatId.HasValue == known.GroupId.HasValue)
            {
                yield return new("Exactly one of chat_id and group_id must be given.", [$"{nameof(Known)}[{index}]"]);
            }
            else if (!named.Add(known.Conversation))
            {
                yield return new("Is the same conversation as one before.", [$"{nameof(Known)}[{index}]"]);
            }
        }
    }
}

/// <summary>How far a device knows a conversation.</summary>
public sealed record KnownConversationRequest(
    Guid? ChatId,
    Guid? GroupId,
    [property: NumberRange(typeof(long), "0", "9007199254740991", ErrorMessage = "Must be 0 or more.")]
    [property: Description("Up to which seq it has all messages; 0 if absent.")] long? Seq,
    [property: NumberRange(typeof(long), "0", "9007199254740991", ErrorMessage = "Must be 0 or more.")]
    [property: Description("Up to which change it has all changes; 0 if absent.")] long? Change,
    [property: Text(200), Description("The revision that it was given last.")] string? Revision)
{
    internal Conversation Conversation => Conversation.Of(ChatId, GroupId);
}

/// <summary>What a device lacks, as of one moment.</summary>
internal sealed record SyncResponse(
    [property: Description("Those that are new to it or differ, latest activity first.")] IReadOnlyList<SyncedConversation> Conversations,
    [property: Description("Those after its seq, conversation by conversation, in order.")] IReadOnlyList<MessageResponse> Messages,
    [property: Description("Messages that were edited or deleted after its change, in the order of the changes, as they are now.")] IReadOnlyList<MessageResponse> Changed,
    [property: Description("Ids of conversations that are none of the caller's.")] IReadOnlyList<Guid> Gone,
    [property: Description("How far the members of the conversations that differ have read.")] IReadOnlyList<ConversationRead> Read,
    UnreadResponse Unread,
    DateTimeOffset ServerTime,
    [property: Description("Something is left: ask again, with what is known now.")] bool More);

/// <summary>A conversation as its list shows it: a chat, which has a peer, or a group, which has a name, without its participants.</summary>
internal sealed record SyncedConversation(
    Guid Id,
    PersonResponse? Peer,
    [property: Description("Null of a chat, as all that only groups have; of a group peer is.")] string? Name,
    Guid? OwnerId,
    int? ParticipantCount,
    MessageResponse? LastMessage,
    long UnreadCount,
    [property: Description("Of a chat: the id of the last message that the other one has read.")] Guid? PeerReadUpTo,
    DateTimeOffset CreatedAt,
    long LastSeq,
    long LastChange,
    string Revision,
    [property: Description("A time (RFC 3339), or the word forever; null: not muted.")] string? MutedUntil,
    bool Pinned,
    bool Archived)
{
    internal static SyncedConversation Of(ChatResponse chat) => new(
        chat.Id, chat.Peer, null, null, null, chat.LastMessage, chat.UnreadCount, chat.PeerReadUpTo, chat.CreatedAt, chat.LastSeq, chat.LastChange, chat.Revision,
        chat.MutedUntil, chat.Pinned, chat.Archived);

    internal static SyncedConversation Of(GroupListItem group) => new(
        group.Id, null, group.Name, group.OwnerId, group.ParticipantCount, group.LastMessage, group.UnreadCount, null, group.CreatedAt, group.LastSeq, group.LastChange, group.Revision,
        group.MutedUntil, group.Pinned, group.Archived);
}
