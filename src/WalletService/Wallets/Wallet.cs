namespace Explaino.WalletService.Wallets;

/// <summary>A user's points. The balance is changed by statements of the database only, never here.</summary>
public sealed class Wallet
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public int Balance { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
