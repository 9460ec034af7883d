using System.Globalization;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Explaino.WalletService.Wallets;

/// <summary>Double-entry ledger: the only way points move. Every movement happens in a transaction that the caller opened, and is undone with it.</summary>
/// <remarks>
/// One round trip, to the database function <c>move_points</c> (MovePoints.sql):
/// 1. The wallets of the movement are locked in one order, so that A→B and B→A at once never wait for each other.
/// 2. The rules are applied to what nobody else can change any more.
/// 3. Balances, transaction and both entries are written; the locks go with the caller's commit.
/// </remarks>
internal sealed class Ledger(WalletDbContext db, WalletMetrics metrics, TimeProvider clock)
{
    /// <summary>From one user to another.</summary>
    public Task<Movement> TransferAsync(Guid senderId, Guid receiverId, int amount, string? reason, CancellationToken cancellationToken) =>
        MoveAsync(TransactionKind.Transfer, senderId, receiverId, amount, reason, eventId: null, cancellationToken);

    /// <summary>From the system account to a user.</summary>
    public Task<Movement> AwardAsync(Guid userId, int amount, string reason, Guid? eventId, CancellationToken cancellationToken) =>
        MoveAsync(TransactionKind.Award, senderId: null, userId, amount, reason, eventId, cancellationToken);

    /// <summary>From a user to the system account.</summary>
    public Task<Movement> DeductAsync(Guid userId, int amount, string reason, CancellationToken cancellationToken) =>
        MoveAsync(TransactionKind.Deduction, userId, receiverId: null, amount, reason, eventId: null, cancellationToken);

    /// <summary>Gives what is left back to the system account, and removes the wallet; its entries stay.</summary>
    /// <returns>The id that the entries go on naming; null if there is no wallet.</returns>
    public async Task<Guid?> CloseAsync(Guid userId, CancellationToken cancellationToken)
    {
        RequireTransaction();

        // The locks that move_points takes.
        var wallets = await db.Wallets.FromSql($"SELECT * FROM lock_wallets({new[] { userId }})").AsNoTracking().ToListAsync(cancellationToken);
        if (wallets is not [var wallet])
        {
            return null;
        }

        if (wallet.Balance is > 0 and var left)
        {
            await MoveAsync(TransactionKind.Closure, userId, receiverId: null, left, reason: null, eventId: null, cancellationToken);
        }

        await db.Wallets.Where(closed => closed.Id == wallet.Id).ExecuteDeleteAsync(cancellationToken);
        return wallet.Id;
    }

    private async Task<Movement> MoveAsync(
        TransactionKind kind, Guid? senderId, Guid? receiverId, int amount, string? reason, Guid? eventId, CancellationToken cancellationToken)
    {
        var transaction = RequireTransaction();
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var outcomes = await db.Database.SqlQuery<Outcome>(
            $"""
            SELECT refusal AS "Refusal", moved_at AS "MovedAt", own_wallet_id AS "WalletId", own_seq AS "Seq", own_balance AS "Balance"
            FROM move_points({id}, {WordConversion.WordOf(kind)}, {senderId}, {receiverId}, {amount}, {reason}, {eventId}, {now})
            """).ToListAsync(cancellationToken);
        var moved = outcomes.Single();
        if (moved.Refusal is { } refusal)
        {
            metrics.Refused(kind, refusal);
            return new(null, null, refusal);
        }

        metrics.Moved(transaction, kind, amount);
        if (receiverId is { } toTell)
        {
            await TellReceiverAsync(toTell, senderId, id, amount, moved.MovedAt!.Value, cancellationToken);
        }

        return new(
            new() { Id = id, Kind = kind, Reason = reason, EventId = eventId, CreatedAt = moved.MovedAt!.Value },
            new()
            {
                TransactionId = id,
                WalletId = moved.WalletId!.Value,
                Seq = moved.Seq,
                Amount = senderId is null ? amount : -amount,
                BalanceAfter = moved.Balance,
            });
    }

    private async Task TellReceiverAsync(Guid receiverId, Guid? senderId, Guid transactionId, int amount, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subject = new Dictionary<string, string> { ["type"] = "transaction", ["transaction_id"] = transactionId.ToString() };
        var amounts = new Dictionary<string, string> { ["amount"] = amount.ToString(CultureInfo.InvariantCulture) };
        db.Outbox.Enqueue(new PersonNotified(Guid.CreateVersion7(now), receiverId, "points_received", senderId, subject, amounts, now), receiverId, clock);
        await db.SaveChangesAsync(cancellationToken);
    }

    // In one of its own, the statement would be committed whatever becomes of the call that asked for it.
    private IDbContextTransaction RequireTransaction() =>
        db.Database.CurrentTransaction ?? throw new InvalidOperationException("Points move in a transaction that the caller opened, or not at all.");

    private sealed record Outcome(string? Refusal, DateTimeOffset? MovedAt, Guid? WalletId, long? Seq, int? Balance);
}

/// <summary>What became of a movement: its transaction with the entry of the wallet that asked, or why there is none.</summary>
/// <param name="Refusal">One of <see cref="Refusals"/>.</param>
internal readonly record struct Movement(WalletTransaction? Transaction, WalletEntry? Entry, string? Refusal = null);

/// <summary>As <c>move_points</c> calls them.</summary>
internal static class Refusals
{
    public const string NoWallet = "no_wallet";
    public const string NotReachable = "not_reachable";
    public const string InsufficientPoints = "insufficient_points";
    public const string BalanceOverflow = "balance_overflow";
}
