using MassTransit;

namespace Explaino.ServiceData.Blocks;

/// <summary>Identity's event as every service reads it; see docs/events/user-blocked.v1.json.</summary>
[MessageUrn("explaino:user-blocked:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-blocked.v1")]
public sealed record UserBlocked(Guid UserId, Guid BlockedUserId, long Version);

/// <summary>Identity's event as every service reads it; see docs/events/user-unblocked.v1.json.</summary>
[MessageUrn("explaino:user-unblocked:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-unblocked.v1")]
public sealed record UserUnblocked(Guid UserId, Guid BlockedUserId, long Version);
