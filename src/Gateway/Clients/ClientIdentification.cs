using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;

namespace Explaino.Gateway.Clients;

/// <summary>Client identification: verifies access tokens only to tell users apart for the rate limits: the gateway refuses nobody, each service judges the token itself.</summary>
internal static class ClientIdentification
{
    public static void AddClientIdentification(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceClient<PublishedKeys>("identity");
        builder.AddBearerAuthentication<KnownKeys, NoRevocations>();
        builder.Services.AddHostedService(services => (KnownKeys)services.GetRequiredService<ISigningKeySource>());
    }
}

/// <summary>A revoked session's requests still count for its user; the services refuse them.</summary>
internal sealed class NoRevocations : ISessionRevocations
{
    public ValueTask<bool> IsRevokedAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
