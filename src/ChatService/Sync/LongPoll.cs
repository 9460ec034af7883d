using Explaino.ChatService.Hub;

namespace Explaino.ChatService.Sync;

/// <summary>Long poll: what a device lacks, as soon as it lacks anything. While it waits it holds no connection to the database.</summary>
internal sealed class LongPoll(SyncStatements statements, ChangeWaits waits, RabbitMqBackplane backplane, TimeProvider clock)
{
    /// <returns>Null if too many wait already.</returns>
    public async Task<SyncResponse?> ReadAsync(Guid userId, IReadOnlyList<KnownConversationRequest> known, TimeSpan time, CancellationToken cancellationToken)
    {
        if (waits.Begin(userId) is not { } wait)
        {
            return null;
        }

        try
        {
            // What comes to pass from here on wakes it; what did before is seen by the first look.
            await backplane.FollowAsync(userId);
            return await WaitAsync(wait, known, time, cancellationToken);
        }
        finally
        {
            wait.Dispose();
            await backplane.FollowAsync(userId);
        }
    }

    private async Task<SyncResponse> WaitAsync(ChangeWaits.Wait wait, IReadOnlyList<KnownConversationRequest> known, TimeSpan time, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var found = await statements.ReadAsync(wait.UserId, known, cancellationToken);
            var left = time - clock.GetElapsedTime(began);
            if (found.Conversations.Count + found.Gone.Count > 0 || left <= TimeSpan.Zero || waits.IsStopping)
            {
                return found;
            }

            await wait.Signal.WaitAsync(left, clock, cancellationToken);
        }
    }
}
