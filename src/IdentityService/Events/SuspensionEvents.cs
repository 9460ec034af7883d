using MassTransit;

namespace Explaino.IdentityService.Events;

/// <summary>A user cannot log in until then; see docs/events/user-suspended.v1.json.</summary>
[MessageUrn("explaino:user-suspended:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-suspended.v1")]
public sealed record UserSuspended(
    Guid UserId,
    DateTimeOffset? Until,
    long Version,
    DateTimeOffset SuspendedAt);

/// <summary>A suspension was lifted before its end; see docs/events/user-reinstated.v1.json.</summary>
[MessageUrn("explaino:user-reinstated:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-reinstated.v1")]
public sealed record UserReinstated(
    Guid UserId,
    long Version,
    DateTimeOffset ReinstatedAt);
