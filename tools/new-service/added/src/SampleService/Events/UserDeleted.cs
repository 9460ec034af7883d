using MassTransit;

namespace Explaino.SampleService.Events;

/// <summary>Identity's event as this service reads it; see docs/events/user-deleted.v1.json.</summary>
[MessageUrn("explaino:user-deleted:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-deleted.v1")]
public sealed record UserDeleted(Guid UserId, DateTimeOffset DeletedAt);
