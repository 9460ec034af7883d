using MassTransit;

namespace Explaino.IdentityService.Events;

/// <summary>A user wants nothing of another; see docs/events/user-blocked.v1.json.</summary>
[MessageUrn("explaino:user-blocked:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-blocked.v1")]
public sealed record UserBlocked(
    Guid UserId,
    Guid BlockedUserId,
    long Version,
    DateTimeOffset BlockedAt);

/// <summary>A block was lifted; see docs/events/user-unblocked.v1.json.</summary>
[MessageUrn("explaino:user-unblocked:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-unblocked.v1")]
public sealed record UserUnblocked(
    Guid UserId,
    Guid BlockedUserId,
    long Version,
    DateTimeOffset UnblockedAt);
