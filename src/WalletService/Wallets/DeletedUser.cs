namespace Explaino.WalletService.Wallets;

/// <summary>Somebody who is gone for good.</summary>
public sealed class DeletedUser
{
    public required Guid UserId { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }
}
