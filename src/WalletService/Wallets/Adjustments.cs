using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Idempotency;
using Explaino.WalletService.Data;

namespace Explaino.WalletService.Wallets;

/// <summary>Points that an admin gives or takes: moved and audited in one transaction.</summary>
internal sealed class Adjustments(WalletDbContext db, Ledger ledger, AuditLog audit, TimeProvider clock)
{
    /// <summary>As <see cref="Ledger.MoveOnceAsync"/>; what is answered from what was kept is no second entry.</summary>
    public async Task<KeyedMovement> MoveOnceAsync(
        IdempotencyKey key, MovementOrder order, Func<WalletTransaction, WalletEntry, (string Location, string Body)> answer, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var movement = await ledger.MoveOnceAsync(key, order, answer, cancellationToken);
        if (movement.Now is { Refusal: null })
        {
            var (action, userId) = order.Kind is TransactionKind.Award ? (AuditActions.Award, order.ReceiverId) : (AuditActions.Deduction, order.SenderId);
            db.Outbox.Enqueue(audit.DoneByAdmin(action, userId!.Value), clock);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return movement;
    }
}
