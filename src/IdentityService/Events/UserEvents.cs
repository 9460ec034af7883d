using MassTransit;

namespace Explaino.IdentityService.Events;

/// <summary>A user now exists, published once per user; see docs/events/user-created.v1.json.</summary>
[MessageUrn("explaino:user-created:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-created.v1")]
public sealed record UserCreated(
    Guid UserId,
    string Username,
    string? FirstName,
    string? LastName,
    string? Bio,
    string? ProfileImage,
    DateTimeOffset CreatedAt,
    long Version);

/// <summary>What others see of a user changed; see docs/events/user-updated.v1.json.</summary>
[MessageUrn("explaino:user-updated:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-updated.v1")]
public sealed record UserUpdated(
    Guid UserId,
    string Username,
    string? FirstName,
    string? LastName,
    string? Bio,
    string? ProfileImage,
    DateTimeOffset CreatedAt,
    long Version,
    DateTimeOffset UpdatedAt);

/// <summary>A user is gone, for good; see docs/events/user-deleted.v1.json.</summary>
[MessageUrn("explaino:user-deleted:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-deleted.v1")]
public sealed record UserDeleted(
    Guid UserId,
    DateTimeOffset DeletedAt);
