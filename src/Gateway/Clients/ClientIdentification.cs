using System.Threading.Channels;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;
using Microsoft.IdentityModel.Tokens;

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

/// <summary>
/// Identity's keys as last fetched. They are fetched beside the requests, at most once a second, when one had a key that is not known: no request
/// waits for Identity, and until its key has come a user is told apart by address.
/// </summary>
internal sealed class KnownKeys(PublishedKeys identity, TimeProvider clock, ILogger<KnownKeys> logger) : BackgroundService, ISigningKeySource
{
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile IReadOnlyCollection<SecurityKey> _keys = [];
    private bool _failing;

    public Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken)
    {
        _wanted.Writer.TryWrite(true);
        return Task.FromResult(_keys);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            await TryFetchAsync(stoppingToken);
            await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
        }
        while (_keys.Count == 0 || await _wanted.Reader.ReadAsync(stoppingToken));
    }

    private async Task TryFetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            _keys = await identity.GetAsync(cancellationToken);
            _failing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Said once in an outage, not at every try.
            if (!_failing)
            {
                logger.LogWarning(e, "The signing keys could not be fetched from Identity");
            }

            _failing = true;
        }
    }
}

internal sealed class PublishedKeys(HttpClient identity)
{
    public async Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken) =>
        [.. new JsonWebKeySet(await identity.GetStringAsync("/.well-known/jwks.json", cancellationToken)).GetSigningKeys()];
}
