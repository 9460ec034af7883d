using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>
/// Asks Identity for the revoked sessions: at start for all, then every second for those since the last time, and now and then for all. Events are faster, but a broker may be
/// away without a sign, or take no more messages: so the contract's 5 seconds hold whatever it does.
/// </summary>
internal sealed class RevokedSessionsFeed(
    RevokedSessions sessions, IdentityClient identity, TimeProvider clock, ILogger<RevokedSessionsFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Asked for twice: the clocks of Identity's instances differ, and a revocation is committed a moment after its time.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    /// <summary>Longer than this Identity is away, and the start of a service does not wait for it.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    /// <summary>So often all are asked for: once Identity's clock has been set back, what is new is older than the newest.</summary>
    private const int AllEvery = 30;

    /// <summary>When, by Identity's clock, the newest revocation that was heard of was made: our own clock may be another.</summary>
    private DateTimeOffset? _newest;
    private int _asked;
    private bool _failing;

    /// <summary>Comes before the server listens, so that an instance which is started beside others refuses nobody for not knowing yet.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryFetchAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryFetchAsync(stoppingToken);
        }
    }

    private async Task TryFetchAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(RequestTimeout);
        try
        {
            var revoked = await identity.GetRevokedSessionsAsync(since: _asked++ % AllEvery == 0 ? null : _newest - Overlap, timeout.Token);
            sessions.Fill(revoked);
            _newest = revoked.Select(session => (DateTimeOffset?)(session.ExpiresAt - BearerAuthentication.RevocationLifetime)).Append(_newest).Max();
            _failing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Once per outage, not once per second.
            if (!_failing)
            {
                logger.LogWarning(e, "The revoked sessions cannot be fetched from Identity");
            }

            _failing = true;
        }
    }
}
