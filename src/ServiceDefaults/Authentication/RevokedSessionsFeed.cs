using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>
/// Fetches the revoked sessions from Identity: at start, every half minute in case an event was missed, and every second while the broker cannot
/// bring events, so that the contract's 5 seconds hold without it.
/// </summary>
internal sealed class RevokedSessionsFeed(
    RevokedSessions sessions, IdentityClient identity, IServiceProvider services, TimeProvider clock, ILogger<RevokedSessionsFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Regularly = TimeSpan.FromSeconds(30);

    /// <summary>Longer than this Identity is away, and the start of a service does not wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool _failing;

    /// <summary>Comes before the server listens, so that an instance which is started beside others refuses nobody for not knowing yet.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryFetchAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var fetchedAt = DateTimeOffset.MinValue;
        var brokerWasUp = false;
        using var timer = new PeriodicTimer(Soon, clock);

        do
        {
            // After an outage once more: what was published meanwhile did not reach this instance's own short-lived queue.
            var brokerIsUp = BrokerIsUp();
            if (!brokerIsUp || !brokerWasUp || clock.GetUtcNow() - fetchedAt >= Regularly)
            {
                var fetched = await TryFetchAsync(stoppingToken);
                fetchedAt = fetched ? clock.GetUtcNow() : fetchedAt;
                brokerWasUp = brokerIsUp && fetched;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private bool BrokerIsUp() => services.GetService<IBusControl>()?.CheckHealth().Status == BusHealthStatus.Healthy;

    private async Task<bool> TryFetchAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            sessions.Fill(await identity.GetRevokedSessionsAsync(patience.Token));
            _failing = false;
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Once per outage, not once per second.
            if (!_failing)
            {
                logger.LogWarning("The revoked sessions cannot be fetched from Identity: {Reason}", e.GetBaseException().GetType().Name);
            }

            _failing = true;
            return false;
        }
    }
}
