using MassTransit;

namespace Explaino.IdentityService.Events;

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
