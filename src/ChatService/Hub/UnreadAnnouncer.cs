using System.Collections.Concurrent;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Unread;

namespace Explaino.ChatService.Hub;

/// <summary>What is unread to the user of a connection, as it is now. Never leaves the instance.</summary>
internal sealed record UnreadCounted(UnreadResponse Unread) : Notification;

/// <summary>Unread announcer: once a second reads in one statement what is unread to those connected here for whom it may have changed, and tells their devices.</summary>
internal sealed class UnreadAnnouncer(Connections connections, UnreadStatements unread, TimeProvider clock, ILogger<UnreadAnnouncer> logger) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, bool> _stale = new();

    public void MarkStale(Guid userId) => _stale.TryAdd(userId, true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var userIds in _stale.Keys.Chunk(AtOnce))
            {
                await AnnounceAsync(userIds, stoppingToken);
            }
        }
    }

    private async Task AnnounceAsync(Guid[] userIds, CancellationToken stoppingToken)
    {
        // Taken off before it is read: what changes meanwhile is read again.
        foreach (var userId in userIds)
        {
            _stale.TryRemove(userId, out _);
        }

        try
        {
            foreach (var (userId, counts) in await unread.ReadAsync(userIds, stoppingToken))
            {
                connections.Send(new UnreadCounted(counts), [userId]);
            }
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "What is unread could not be read; the next second will");
            Array.ForEach(userIds, MarkStale);
        }
    }
}

/// <summary>
/// Delivery of unread counts to one device: those that differ from what it was told, and the same ones while notifications are among them. These may be others,
/// where one was read and another came within the second, and nothing else tells of them.
/// </summary>
internal sealed class UnreadDelivery(Connection connection)
{
    private UnreadResponse? _told;

    public async Task ReceiveAsync(UnreadResponse unread)
    {
        if (unread != _told || unread.Notifications > 0)
        {
            await connection.Client.UnreadChanged(unread);
            _told = unread;
        }
    }
}
