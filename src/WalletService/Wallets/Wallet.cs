namespace Explaino.WalletService.Wallets;

/// <summary>A user's points. Only <see cref="Ledger"/> changes the balance, and with it always adds the entry that says why.</summary>
public sealed class Wallet
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public int Balance { get; private set; }

    /// <summary>The <c>seq</c> of the latest entry, 0 without any.</summary>
    public long LastSeq { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public bool CanPay(int amount) => amount <= Balance;

    public bool CanReceive(int amount) => amount <= int.MaxValue - Balance;

    /// <summary>Changes the balance, while the row is locked, and gives the entry that belongs to it.</summary>
    internal WalletEntry Enter(WalletTransaction transaction, int amount)
    {
        Balance = checked(Balance + amount);
        LastSeq++;
        UpdatedAt = transaction.CreatedAt;
        return new() { TransactionId = transaction.Id, WalletId = Id, Seq = LastSeq, Amount = amount, BalanceAfter = Balance };
    }
}
