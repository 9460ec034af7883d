using Explaino.ServiceDefaults.Authentication;
using MassTransit;
using Bus = Explaino.ServiceData.Messaging.Bus;

namespace Explaino.ServiceData.Sessions;

/// <summary>Identity's event as every service reads it; see docs/events/session-revoked.v1.json.</summary>
[MessageUrn("explaino:session-revoked:v1", useDefaultPrefix: false)]
[EntityName("explaino.session-revoked.v1")]
public sealed record SessionRevoked(Guid SessionId, DateTimeOffset ExpiresAt);

/// <summary>Refuses the session's access tokens from now on. Every instance hears every event, on a queue of its own.</summary>
internal sealed class RefuseRevokedSession(RevokedSessions sessions) : IConsumer<SessionRevoked>
{
    public Task Consume(ConsumeContext<SessionRevoked> context)
    {
        sessions.Add(context.Message.SessionId);
        return Task.CompletedTask;
    }
}

public static class RevokedSessionsRegistration
{
    /// <summary>Every instance hears <c>SessionRevoked</c>, on a queue that lives and dies with it. Not for Identity, which asks its database.</summary>
    public static void AddRevokedSessions(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<RefuseRevokedSession>().Endpoint(endpoint =>
        {
            endpoint.Name = $"{Bus.InstanceQueue}session-revoked.{Guid.CreateVersion7():n}";
            endpoint.Temporary = true;
        });
}
