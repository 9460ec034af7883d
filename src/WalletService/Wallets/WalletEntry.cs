namespace Explaino.WalletService.Wallets;

/// <summary>One side of a transaction, never changed and never deleted. It names a wallet, not a person: when the wallet is gone, so is the person.</summary>
public sealed class WalletEntry
{
    /// <summary>
    /// Where awarded points come from and deducted ones go to. It has entries only: a row with its balance would make every award wait for every other
    /// (docs/adr/0010).
    /// </summary>
    public static readonly Guid SystemAccount = Guid.Empty;

    public required Guid TransactionId { get; init; }

    public required Guid WalletId { get; init; }

    /// <summary>1, 2, 3 … in its wallet; the system account does not count.</summary>
    public long? Seq { get; init; }

    public required int Amount { get; init; }

    public int? BalanceAfter { get; init; }
}
