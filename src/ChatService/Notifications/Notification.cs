using System.Text.Json.Serialization;
using Explaino.ChatService.Conversations;

namespace Explaino.ChatService.Notifications;

/// <summary>Notification: something that connected devices are told, here and on other instances. It may come twice, late, out of order, or not at all: see docs/adr/0009.</summary>
/// <remarks>The names in quotes are what instances of two versions say to each other; they stay.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "notice")]
[JsonDerivedType(typeof(MessageSent), "message_sent")]
[JsonDerivedType(typeof(MessageChanged), "message_changed")]
[JsonDerivedType(typeof(MemberRead), "member_read")]
[JsonDerivedType(typeof(MemberTypes), "member_types")]
[JsonDerivedType(typeof(ContactChanged), "contact_changed")]
[JsonDerivedType(typeof(GroupUpdated), "group_updated")]
[JsonDerivedType(typeof(GroupLeft), "group_left")]
[JsonDerivedType(typeof(ConversationTouched), "conversation_touched")]
[JsonDerivedType(typeof(AccountDeleted), "account_deleted")]
[JsonDerivedType(typeof(Resync), "refresh")]
internal abstract record Notification;

internal sealed record MessageSent(MessageResponse Message) : Notification;

/// <param name="Message">As it is now.</param>
/// <param name="Change">The number of the change in its conversation.</param>
internal sealed record MessageChanged(MessageResponse Message, long Change) : Notification;

internal sealed record MemberRead(ConversationRead Read) : Notification;

internal sealed record MemberTypes(Typing Typing) : Notification;

internal sealed record ContactChanged(PresenceChanged Presence) : Notification;

/// <param name="Group">As it is now.</param>
/// <param name="Revision">How often it changed.</param>
/// <param name="Changes">What differs from the revision before; null from an instance of an older version.</param>
internal sealed record GroupUpdated(GroupResponse Group, long Revision, GroupChanges? Changes = null) : Notification;

internal sealed record GroupLeft(Guid GroupId, long Revision) : Notification;

/// <summary>Something that has no event of its own: devices are told what is unread, and requests that wait look again.</summary>
internal sealed record ConversationTouched : Notification;

internal sealed record AccountDeleted : Notification;

/// <summary>Resync: something may have been missed, so compare with the database.</summary>
internal sealed record Resync : Notification;

/// <summary>Resync of presence: who came or went before these users were themselves known to be there has told them nothing. Never leaves the instance.</summary>
internal sealed record PresenceResync : Notification;
