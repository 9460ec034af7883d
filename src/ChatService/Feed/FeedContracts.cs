using System.ComponentModel;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ChatService.Feed;

/// <summary>A notification (docs/contract.md#6-chat).</summary>
internal sealed record NotificationResponse(
    Guid Id,
    [property: Description("Grows; an entry that more people join moves to the front, with a new one.")] long Seq,
    FeedKind Kind,
    [property: Description("The latest of those who did it, at most three.")] IReadOnlyList<PersonResponse> Actors,
    [property: Description("How many people did it.")] int Count,
    [property: Description("What it is about: its type, and ids by name.")] IReadOnlyDictionary<string, string> Subject,
    [property: Description("What a sentence about it needs, as title or amount.")] IReadOnlyDictionary<string, string> Params,
    DateTimeOffset CreatedAt,
    bool Read);

public sealed record NotificationsReadRequest(
    [property: RequiredMember, NumberRange(typeof(long), "0", "9007199254740991", ErrorMessage = "Must be 0 or more.")]
    [property: Description("Up to this seq; beyond the last: all.")] long? UpToSeq);

/// <summary>Where a page of notifications ended.</summary>
internal sealed record FeedPosition(long Seq);
