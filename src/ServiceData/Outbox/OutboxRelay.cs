using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Explaino.ServiceData.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Explaino.ServiceData.Outbox;

/// <summary>Outbox relay: publishes at least once, on as many instances as there are; one person's events in their order, as long as one instance has them.</summary>
/// <remarks>
/// 1. Woken by a commit of this process, or every second for what other processes left; under load, so seldom that a batch is worth its cost. 2. A batch of rows is
/// locked, skipping what another instance holds. 3. People's events go out side by side, one person's one after the other, each confirmed by the broker within a time limit. 4. What was confirmed
/// is marked sent; a failure of the row's own counts, and sets it aside at the fifth; a broker that is away costs the rows nothing, and one that leaves any unconfirmed its connection. 5. Again at once,
/// if the batch was full.
/// </remarks>
internal sealed class OutboxRelay<TContext>(
    IServiceScopeFactory scopes, IBus bus, BusConnection connection, EventTypes events, OutboxSignal signal, OutboxMetrics metrics, TimeProvider clock,
    ILogger<OutboxRelay<TContext>> logger) : BackgroundService
    where TContext : DbContext
{
    private const int MaximumAttempts = 5;

    private const int BatchSize = 200;
    private static readonly ActivitySource Activities = new(OutboxMetrics.Name);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pacing = new Pacing(TimeSpan.FromMilliseconds(20), clock);
        var isFull = false;
        return new WorkLoop(signal, Pause, clock).RunAsync(
            async cancellationToken =>
            {
                await pacing.WaitAsync(isFull, cancellationToken);
                return isFull = await RelayBatchAsync(cancellationToken);
            },
            e => logger.LogWarning(e, "The outbox could not be relayed; it is tried again"),
            stoppingToken);
    }

    /// <returns>Whether there may be more to send right now.</returns>
    private async Task<bool> RelayBatchAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        await metrics.MeasureAsync(db, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var batch = await LockBatchAsync(db, cancellationToken);
        if (batch.Count == 0)
        {
            return false;
        }

        var began = clock.GetTimestamp();
        var outcomes = await Task.WhenAll(batch.GroupBy(message => message.UserId).Select(messages => PublishAsync(messages, cancellationToken)));
        var away = outcomes.Select(outcome => outcome.Away).OfType<Exception>().ToList();
        JudgeConnection(away, began);

        var sent = outcomes.SelectMany(outcome => outcome.Sent).ToList();
        await MarkAsync(db, sent, outcomes.SelectMany(outcome => outcome.Failed));
        await transaction.CommitAsync(CancellationToken.None);
        if (away.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(away[0]);
        }

        return sent.Count == BatchSize;
    }

    private static Task<List<OutboxMessage>> LockBatchAsync(TContext db, CancellationToken cancellationToken) =>
        db.Set<OutboxMessage>().FromSql(
            $"""
            SELECT * FROM outbox_messages WHERE sent_at IS NULL AND set_aside_at IS NULL
            ORDER BY id LIMIT {BatchSize} FOR UPDATE SKIP LOCKED
            """).AsNoTracking().ToListAsync(cancellationToken);

    private void JudgeConnection(List<Exception> away, long began)
    {
        if (away.Count == 0)
        {
            connection.Confirmed();
        }
        else if (away.Exists(failure => failure is UnconfirmedException) && connection.EndIfUnconfirmed(began))
        {
            logger.LogWarning("The broker leaves events unconfirmed; the bus connects anew");
        }
    }

    private async Task MarkAsync(TContext db, List<Guid> sent, IEnumerable<(OutboxMessage Message, string Error)> failed)
    {
        var now = clock.GetUtcNow();

        // A mark that a crash of the server loses costs a second publishing of the same message id; waiting for the disk would cost every batch.
        await db.Database.ExecuteSqlAsync(
            $"SET LOCAL synchronous_commit TO off; UPDATE outbox_messages SET sent_at = {now} WHERE id = ANY ({sent})", CancellationToken.None);
        foreach (var (message, error) in failed)
        {
            await CountFailureAsync(db, message, error, now);
        }
    }

    private async Task<Outcome> PublishAsync(IEnumerable<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var (sent, failed) = (new List<Guid>(), new List<(OutboxMessage, string)>());
        foreach (var message in messages)
        {
            try
            {
                await PublishAsync(message, cancellationToken);
                sent.Add(message.Id);
            }
            catch (Exception e) when (IsBrokerAway(e))
            {
                return new(sent, failed, Away: e);
            }
            catch (Exception e)
            {
                logger.LogError(e, "{Event} {Id} cannot be published", message.Name, message.Id);
                failed.Add((message, e.GetBaseException().Message));

                // Until it is set aside, what the same person did later waits for it.
                if (message.Attempts + 1 < MaximumAttempts)
                {
                    break;
                }
            }
        }

        return new(sent, failed, Away: null);
    }

    private async Task PublishAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var read = events.Read(message);
        ActivityContext.TryParse(message.TraceParent, null, isRemote: true, out var cause);
        using var activity = Activities.StartActivity($"outbox {message.Name}", ActivityKind.Internal, cause);
        await PublishAttempt.RunAsync(bus, read, message.Id, cancellationToken);
    }

    private static bool IsBrokerAway(Exception exception) =>
        exception is OperationCanceledException or ConnectionException or RabbitMQClientException or IOException or TimeoutException
        || (exception.InnerException is { } inner && IsBrokerAway(inner));

    private static Task<int> CountFailureAsync(TContext db, OutboxMessage message, string error, DateTimeOffset now)
    {
        DateTimeOffset? setAsideAt = message.Attempts + 1 >= MaximumAttempts ? now : null;
        return db.Set<OutboxMessage>().Where(row => row.Id == message.Id).ExecuteUpdateAsync(
            update => update
                .SetProperty(row => row.Attempts, row => row.Attempts + 1)
                .SetProperty(row => row.LastError, error)
                .SetProperty(row => row.SetAsideAt, setAsideAt),
            CancellationToken.None);
    }

    private sealed record Outcome(List<Guid> Sent, List<(OutboxMessage Message, string Error)> Failed, Exception? Away);
}
