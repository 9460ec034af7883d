namespace Explaino.WalletService.Wallets;

/// <summary>A user's points. Only the <see cref="Ledger"/> changes them, in the database, and with each change adds the entry that says why.</summary>
public sealed class Wallet
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required int Balance { get; init; }

    /// <summary>The <c>seq</c> of the latest entry, 0 without any.</summary>
    public required long LastSeq { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
