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
