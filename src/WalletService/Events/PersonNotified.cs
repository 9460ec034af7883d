using MassTransit;

namespace Explaino.WalletService.Events;

/// <summary>Somebody is to be told of something; see docs/events/person-notified.v1.json.</summary>
[MessageUrn("explaino:person-notified:v1", useDefaultPrefix: false)]
[EntityName("explaino.person-notified.v1")]
public sealed record PersonNotified(
    Guid EventId,
    Guid RecipientId,
    string Kind,
    Guid? ActorId,
    Dictionary<string, string> Subject,
    Dictionary<string, string>? Params,
    DateTimeOffset OccurredAt,
    bool Withdrawn = false);
