using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Explaino.ServiceData.Outbox;

/// <summary>Wakes this process's relay: by itself at the commit of what a context saved; by whoever stored an event by a statement of their own.</summary>
public sealed class OutboxSignal : WakeSignal;

/// <summary>Wakes the relay the moment events are committed; nobody who saves events needs to think of it.</summary>
internal sealed class WakeOutboxOnCommit(OutboxSignal signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { Database.CurrentTransaction: null } context)
        {
            WakeIfEventsIn(context);
        }

        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        WakeIfEventsIn(eventData.Context!);
        return Task.CompletedTask;
    }

    private void WakeIfEventsIn(DbContext context)
    {
        if (context.ChangeTracker.Entries<OutboxMessage>().Any())
        {
            signal.Wake();
        }
    }
}
