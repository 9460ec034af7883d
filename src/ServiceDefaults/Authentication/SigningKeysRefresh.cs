using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>
/// Fetches the signing keys anew every three seconds, beside the requests: a key that Identity withdrew because others know it is refused everywhere within
/// ten.
/// </summary>
internal sealed class SigningKeysRefresh(SigningKeys keys, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RefreshAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The known keys go on; whoever asks for the revoked sessions says that Identity is away, once an outage.
            }
        }
    }
}
