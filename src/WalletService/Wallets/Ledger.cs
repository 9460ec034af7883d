using System.Globalization;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Explaino.WalletService.Wallets;

/// <summary>
/// Double-entry ledger: the only way points move. A movement is one transaction with the idempotency key of the call that asked for it, or part of one that
/// the caller opened, and is undone with it.
/// </summary>
/// <remarks>
/// One round trip, to the database function <c>move_points</c> (MovePoints.sql, MovePointsOnce.sql):
/// 1. The wallets of the movement are locked in one order, so that A→B and B→A at once never wait for each other.
/// 2. The rules are applied to what nobody else can change any more.
/// 3. Balances, transaction and both entries are written, and the event for the receiver; the locks go with the commit.
/// </remarks>
internal sealed class Ledger(WalletDbContext db, OutboxSignal relay, WalletMetrics metrics, TimeProvider clock)
{
    /// <summary>Moves points once for the key of a call, however often it comes.</summary>
    /// <param name="answer">The call's answer, to be kept: its location and its JSON, in which <c>seq</c> 0 and <c>balance_after</c> −1 become what they are.</param>
    public async Task<KeyedMovement> MoveOnceAsync(
        IdempotencyKey key, MovementOrder order, Func<WalletTransaction, WalletEntry, (string Location, string Body)> answer, CancellationToken cancellationToken)
    {
        var transaction = New(order, eventId: null);
        var (location, body) = answer(transaction, EntryOf(order, transaction.Id, new Outcome(null, null, Guid.Empty, 0, -1)));
        var told = ToReceiver(order, transaction);
        var outcomes = await db.Database.SqlQuery<KeyedOutcome>(
            $"""
            WITH moved AS (
                SELECT * FROM move_points_once(
                    {key.UserId}, {key.Call}, {key.Key}, {key.RequestHash}, {key.Expired}, {location}, {body},
                    {transaction.Id}, {WordConversion.WordOf(order.Kind)}, {order.SenderId}, {order.ReceiverId}, {order.Amount}, {order.Reason}, {transaction.CreatedAt})),
            told AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {told.Id}, {told.Name}, {told.Payload}::jsonb, {told.UserId}, {told.TraceParent}, {told.CreatedAt}, 0
                FROM moved WHERE kept_hash IS NULL AND refusal IS NULL AND {order.ReceiverId is not null})
            SELECT kept_hash AS "KeptHash", kept_status AS "KeptStatus", kept_location AS "KeptLocation", kept_body AS "KeptBody",
                refusal AS "Refusal", moved_at AS "MovedAt", own_wallet_id AS "WalletId", own_seq AS "Seq", own_balance AS "Balance"
            FROM moved
            """).ToListAsync(cancellationToken);
        var done = outcomes.Single();
        if (done.KeptHash is { } hash)
        {
            return new(key.Replays(hash) ? new(done.KeptStatus!.Value, done.KeptLocation, done.KeptBody) : null, null);
        }

        if (done.Refusal is null)
        {
            Count(order);
            relay.Wake();
        }

        return new(null, ToMovement(order, transaction, new(done.Refusal, done.MovedAt, done.WalletId, done.Seq, done.Balance)));
    }

    /// <summary>From the system account to a user, as the effect of an event.</summary>
    public async Task<Movement> AwardAsync(Guid userId, int amount, string reason, Guid eventId, CancellationToken cancellationToken)
    {
        var order = MovementOrder.Award(userId, amount, reason);
        var movement = await MoveAsync(order, eventId, cancellationToken);
        if (movement.Transaction is { } transaction)
        {
            db.Outbox.Add(ToReceiver(order, transaction));
            await db.SaveChangesAsync(cancellationToken);
        }

        return movement;
    }

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
            await MoveAsync(new(TransactionKind.Closure, userId, null, left, null), eventId: null, cancellationToken);
        }

        await db.Wallets.Where(closed => closed.Id == wallet.Id).ExecuteDeleteAsync(cancellationToken);
        return wallet.Id;
    }

    private async Task<Movement> MoveAsync(MovementOrder order, Guid? eventId, CancellationToken cancellationToken)
    {
        RequireTransaction();
        var transaction = New(order, eventId);
        var outcomes = await db.Database.SqlQuery<Outcome>(
            $"""
            SELECT refusal AS "Refusal", moved_at AS "MovedAt", own_wallet_id AS "WalletId", own_seq AS "Seq", own_balance AS "Balance"
            FROM move_points(
                {transaction.Id}, {WordConversion.WordOf(order.Kind)}, {order.SenderId}, {order.ReceiverId}, {order.Amount}, {order.Reason}, {eventId},
                {transaction.CreatedAt})
            """).ToListAsync(cancellationToken);
        var outcome = outcomes.Single();
        if (outcome.Refusal is null)
        {
            Count(order);
        }

        return ToMovement(order, transaction, outcome);
    }

    private void Count(MovementOrder order)
    {
        if (db.Database.CurrentTransaction is { } owner)
        {
            metrics.Moved(owner, order.Kind, order.Amount);
        }
        else
        {
            metrics.Moved(order.Kind, order.Amount);
        }
    }

    private Movement ToMovement(MovementOrder order, WalletTransaction transaction, Outcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            metrics.Refused(order.Kind, refusal);
            return new(null, null, refusal);
        }

        return new(transaction.At(outcome.MovedAt!.Value), EntryOf(order, transaction.Id, outcome));
    }

    private WalletTransaction New(MovementOrder order, Guid? eventId)
    {
        var now = clock.GetUtcNow();
        return new() { Id = Guid.CreateVersion7(now), Kind = order.Kind, Reason = order.Reason, EventId = eventId, CreatedAt = now };
    }

    /// <summary>The event of points received; of a movement that nobody receives it is not stored.</summary>
    private static OutboxMessage ToReceiver(MovementOrder order, WalletTransaction transaction)
    {
        var subject = new Dictionary<string, string> { ["type"] = "transaction", ["transaction_id"] = transaction.Id.ToString() };
        var amount = new Dictionary<string, string> { ["amount"] = order.Amount.ToString(CultureInfo.InvariantCulture) };
        var (receiverId, now) = (order.ReceiverId.GetValueOrDefault(), transaction.CreatedAt);
        return OutboxMessage.Of(new PersonNotified(Guid.CreateVersion7(now), receiverId, "points_received", order.SenderId, subject, amount, now), receiverId, now);
    }

    private static WalletEntry EntryOf(MovementOrder order, Guid transactionId, Outcome outcome) => new()
    {
        TransactionId = transactionId,
        WalletId = outcome.WalletId!.Value,
        Seq = outcome.Seq,
        Amount = order.SenderId is null ? order.Amount : -order.Amount,
        BalanceAfter = outcome.Balance,
    };

    // In one of its own, the statement would be committed whatever becomes of the caller's other writes.
    private IDbContextTransaction RequireTransaction() =>
        db.Database.CurrentTransaction ?? throw new InvalidOperationException("Points move in a transaction that the caller opened, or not at all.");

    private sealed record Outcome(string? Refusal, DateTimeOffset? MovedAt, Guid? WalletId, long? Seq, int? Balance);

    private sealed record KeyedOutcome(
        byte[]? KeptHash, int? KeptStatus, string? KeptLocation, string? KeptBody,
        string? Refusal, DateTimeOffset? MovedAt, Guid? WalletId, long? Seq, int? Balance);
}

/// <summary>What is to move: from one user to another, where null stands for the system account.</summary>
internal sealed record MovementOrder(TransactionKind Kind, Guid? SenderId, Guid? ReceiverId, int Amount, string? Reason)
{
    public static MovementOrder Transfer(Guid senderId, Guid receiverId, int amount, string? reason) =>
        new(TransactionKind.Transfer, senderId, receiverId, amount, reason);

    public static MovementOrder Award(Guid userId, int amount, string reason) => new(TransactionKind.Award, null, userId, amount, reason);

    public static MovementOrder Deduction(Guid userId, int amount, string reason) => new(TransactionKind.Deduction, userId, null, amount, reason);
}

/// <summary>What became of a movement: its transaction with the entry of the wallet that asked, or why there is none.</summary>
/// <param name="Refusal">One of <see cref="Refusals"/>.</param>
internal readonly record struct Movement(WalletTransaction? Transaction, WalletEntry? Entry, string? Refusal = null);

/// <summary>A movement with a key: it is done now, or was done before, or (neither of them) the key belongs to another call.</summary>
internal readonly record struct KeyedMovement(ReplayedAnswer? Before, Movement? Now);

/// <summary>As <c>move_points</c> calls them.</summary>
internal static class Refusals
{
    public const string NoWallet = "no_wallet";
    public const string NotReachable = "not_reachable";
    public const string InsufficientPoints = "insufficient_points";
    public const string BalanceOverflow = "balance_overflow";
}
