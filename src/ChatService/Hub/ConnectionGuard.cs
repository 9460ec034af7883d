using Explaino.ChatService.Presence;
using Explaino.ServiceDefaults.Authentication;

namespace Explaino.ChatService.Hub;

/// <summary>Ends connections whose session was revoked, at once; whose token ran out without being renewed; or that newer ones of their user displaced elsewhere.</summary>
internal sealed class ConnectionGuard(
    Connections connections, ConnectionRegistry registry, RevokedSessions revoked, TimeProvider clock, ILogger<ConnectionGuard> logger) : BackgroundService
{
    // The clocks of two machines may differ; the same allowance as for requests.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        revoked.Revoked += CloseSession;
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = clock.GetUtcNow();
                foreach (var connection in connections.All.Where(connection => connection.ExpiresAt + Skew < now))
                {
                    connection.Expire();
                }

                await EndDisplacedAsync(stoppingToken);
            }
        }
        finally
        {
            revoked.Revoked -= CloseSession;
        }
    }

    private async Task EndDisplacedAsync(CancellationToken stoppingToken)
    {
        try
        {
            connections.Close(await registry.DisplacedAsync(stoppingToken));
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "Displaced connections could not be looked for; the next second will");
        }
    }

    private void CloseSession(Guid sessionId)
    {
        foreach (var connection in connections.All.Where(connection => connection.SessionId == sessionId))
        {
            connection.Close();
        }
    }
}
