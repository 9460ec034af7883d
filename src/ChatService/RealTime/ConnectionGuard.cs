using Explaino.ServiceDefaults.Authentication;

namespace Explaino.ChatService.RealTime;

/// <summary>Ends connections whose session was revoked, at once, or whose token ran out without being renewed.</summary>
internal sealed class ConnectionGuard(Connections connections, RevokedSessions revoked, TimeProvider clock) : BackgroundService
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
            }
        }
        finally
        {
            revoked.Revoked -= CloseSession;
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
