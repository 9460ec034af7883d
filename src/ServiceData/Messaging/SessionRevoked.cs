using Explaino.ServiceDefaults.Authentication;
using MassTransit;

namespace Explaino.ServiceData.Messaging;

/// <summary>Identity's event as every service reads it; see docs/events/session-revoked.v1.json.</summary>
[MessageUrn("explaino:session-revoked:v1", useDefaultPrefix: false)]
[EntityName("explaino.session-revoked.v1")]
public sealed record SessionRevoked(Guid SessionId, DateTimeOffset ExpiresAt);

/// <summary>Refuses the session's access tokens from now on. Every instance hears every event, on a queue of its own.</summary>
internal sealed class RefuseRevokedSession(RevokedSessions sessions) : IConsumer<SessionRevoked>
{
    public Task Consume(ConsumeContext<SessionRevoked> context)
    {
        sessions.Add(context.Message.SessionId, context.Message.ExpiresAt);
        return Task.CompletedTask;
    }
}
