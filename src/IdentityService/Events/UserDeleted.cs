using MassTransit;

namespace Explaino.IdentityService.Events;

/// <summary>A user is gone, for good; see docs/events/user-deleted.v1.json.</summary>
[MessageUrn("explaino:user-deleted:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-deleted.v1")]
public sealed record UserDeleted(
    Guid UserId,
    DateTimeOffset DeletedAt);
