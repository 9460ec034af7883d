using MassTransit;

namespace Explaino.IdentityService.Events;

/// <summary>A session's access tokens are refused from now on; see docs/events/session-revoked.v1.json.</summary>
[MessageUrn("explaino:session-revoked:v1", useDefaultPrefix: false)]
[EntityName("explaino.session-revoked.v1")]
public sealed record SessionRevoked(
    Guid SessionId,
    Guid UserId,
    DateTimeOffset ExpiresAt);
