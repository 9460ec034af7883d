using System.ComponentModel.DataAnnotations;
using MassTransit;

namespace Explaino.ChatService.Events;

/// <summary>Somebody is to be told of something; see docs/events/person-notified.v1.json.</summary>
/// <param name="EventId">The same one is told once.</param>
/// <param name="RecipientId">Who is told.</param>
/// <param name="Kind">A word that clients know.</param>
/// <param name="ActorId">Whose deed it is.</param>
/// <param name="Subject">What it is about: <c>type</c>, and ids by name.</param>
/// <param name="Params">What a sentence about it needs.</param>
/// <param name="OccurredAt">Of two of one person about one thing the later wins.</param>
/// <param name="Withdrawn">The deed was taken back.</param>
[MessageUrn("explaino:person-notified:v1", useDefaultPrefix: false)]
[EntityName("explaino.person-notified.v1")]
public sealed record PersonNotified(
    Guid EventId,
    Guid RecipientId,
    [property: Required, StringLength(40)] string Kind,
    Guid? ActorId,
    [property: Required, MaxLength(10)] Dictionary<string, string> Subject,
    [property: MaxLength(10)] Dictionary<string, string>? Params,
    DateTimeOffset OccurredAt,
    bool? Withdrawn = null);
