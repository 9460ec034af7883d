using MassTransit;

namespace Explaino.ServiceData.People;

/// <summary>Identity's event as copies of people read it; see docs/events/user-created.v1.json.</summary>
[MessageUrn("explaino:user-created:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-created.v1")]
public sealed record UserCreated(
    Guid UserId, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt, long Version);

/// <summary>Identity's event as copies of people read it; see docs/events/user-updated.v1.json.</summary>
[MessageUrn("explaino:user-updated:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-updated.v1")]
public sealed record UserUpdated(
    Guid UserId, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt, long Version);

/// <summary>Identity's event: what of the user a service removes is its own to say; see docs/events/user-deleted.v1.json.</summary>
[MessageUrn("explaino:user-deleted:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-deleted.v1")]
public sealed record UserDeleted(Guid UserId, DateTimeOffset DeletedAt);
