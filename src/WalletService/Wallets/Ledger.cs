using Explaino.WalletService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>The only way points move. Every movement happens in a transaction that the caller opened, and is undone with it.</summary>
/// <remarks>
/// 1. The wallets of the movement are locked in one order, so that A→B and B→A at once never wait for each other (lock_wallets, in the migration GuardLedger).
/// 2. The rules are applied to what nobody else can change any more.
/// 3. Balances, transaction and both entries are written in one round trip; the locks go with the caller's commit.
/// </remarks>
internal sealed class Ledger(WalletDbContext db, WalletMetrics metrics, TimeProvider clock)
{
    /// <summary>From one user to another.</summary>
    public async Task<Movement> TransferAsync(Guid senderId, Guid receiverId, int amount, string? reason, CancellationToken cancellationToken)
    {
        var wallets = await LockAsync([senderId, receiverId], cancellationToken);
        if (wallets.Find(wallet => wallet.UserId == receiverId) is not { } receiver)
        {
            return metrics.Refused(TransactionKind.Transfer, Refusal.NoWallet);
        }

        // A sender whose wallet is still on its way has no points yet.
        if (wallets.Find(wallet => wallet.UserId == senderId) is not { } sender || !sender.CanPay(amount))
        {
            return metrics.Refused(TransactionKind.Transfer, Refusal.InsufficientPoints);
        }

        return receiver.CanReceive(amount)
            ? await WriteAsync(
                New(TransactionKind.Transfer, reason),
                transaction => (sender.Enter(transaction, -amount), receiver.Enter(transaction, amount)),
                cancellationToken)
            : metrics.Refused(TransactionKind.Transfer, Refusal.BalanceOverflow);
    }

    /// <summary>From the system account to a user.</summary>
    public async Task<Movement> AwardAsync(Guid userId, int amount, string reason, Guid? eventId, CancellationToken cancellationToken) =>
        await LockAsync(userId, cancellationToken) switch
        {
            null => metrics.Refused(TransactionKind.Award, Refusal.NoWallet),
            var wallet when !wallet.CanReceive(amount) => metrics.Refused(TransactionKind.Award, Refusal.BalanceOverflow),
            var wallet => await WriteAsync(
                New(TransactionKind.Award, reason, eventId),
                transaction => (wallet.Enter(transaction, amount), WalletEntry.OfSystem(transaction, -amount)),
                cancellationToken),
        };

    /// <summary>From a user to the system account.</summary>
    public async Task<Movement> DeductAsync(Guid userId, int amount, string reason, CancellationToken cancellationToken) =>
        await LockAsync(userId, cancellationToken) switch
        {
            null => metrics.Refused(TransactionKind.Deduction, Refusal.NoWallet),
            var wallet when !wallet.CanPay(amount) => metrics.Refused(TransactionKind.Deduction, Refusal.InsufficientPoints),
            var wallet => await WriteAsync(
                New(TransactionKind.Deduction, reason),
                transaction => (wallet.Enter(transaction, -amount), WalletEntry.OfSystem(transaction, amount)),
                cancellationToken),
        };

    /// <summary>Gives what is left back to the system account, and removes the wallet; its entries stay.</summary>
    /// <returns>The id that the entries go on naming; null if there is no wallet.</returns>
    public async Task<Guid?> CloseAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await LockAsync(userId, cancellationToken) is not { } wallet)
        {
            return null;
        }

        if (wallet.Balance is > 0 and var left)
        {
            await WriteAsync(
                New(TransactionKind.Closure, reason: null),
                transaction => (wallet.Enter(transaction, -left), WalletEntry.OfSystem(transaction, left)),
                cancellationToken);
        }

        db.Wallets.Remove(wallet);
        await db.SaveChangesAsync(cancellationToken);
        return wallet.Id;
    }

    private async Task<Wallet?> LockAsync(Guid userId, CancellationToken cancellationToken) =>
        (await LockAsync([userId], cancellationToken)).SingleOrDefault();

    private Task<List<Wallet>> LockAsync(Guid[] userIds, CancellationToken cancellationToken) =>
        db.Wallets
            .FromSql($"SELECT * FROM lock_wallets({userIds})")
            .ToListAsync(cancellationToken);

    // Made once the locks are held, so that times follow seq.
    private WalletTransaction New(TransactionKind kind, string? reason, Guid? eventId = null)
    {
        var now = clock.GetUtcNow();
        return new() { Id = Guid.CreateVersion7(now), Kind = kind, Reason = reason, EventId = eventId, CreatedAt = now };
    }

    private async Task<Movement> WriteAsync(
        WalletTransaction transaction, Func<WalletTransaction, (WalletEntry Own, WalletEntry Other)> enter, CancellationToken cancellationToken)
    {
        var (own, other) = enter(transaction);
        db.Transactions.Add(transaction);
        db.Entries.AddRange(own, other);
        await db.SaveChangesAsync(cancellationToken);
        return new(transaction, own);
    }
}

/// <summary>What became of a movement: its transaction with the entry of the wallet that asked, or why there is none.</summary>
internal readonly record struct Movement(WalletTransaction? Transaction, WalletEntry? Entry, Refusal? Refusal = null);

internal enum Refusal
{
    NoWallet,
    InsufficientPoints,
    BalanceOverflow,
}
