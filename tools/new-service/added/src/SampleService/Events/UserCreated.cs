using MassTransit;

namespace Explaino.SampleService.Events;

/// <summary>Identity's event as this service reads it; see docs/events/user-created.v1.json.</summary>
[MessageUrn("explaino:user-created:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-created.v1")]
public sealed record UserCreated(Guid UserId);
