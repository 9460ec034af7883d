using MassTransit;

namespace Explaino.WalletService.Events;

/// <summary>Identity's event as this service reads it; see docs/events/user-created.v1.json.</summary>
[MessageUrn("explaino:user-created:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-created.v1")]
public sealed record UserCreated(Guid UserId);

/// <summary>Identity's event as this service reads it; see docs/events/user-deleted.v1.json.</summary>
[MessageUrn("explaino:user-deleted:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-deleted.v1")]
public sealed record UserDeleted(Guid UserId, DateTimeOffset DeletedAt);
