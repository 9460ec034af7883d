namespace Explaino.WalletService.Wallets;

/// <summary>A wallet as its owner and admins see it.</summary>
internal sealed record WalletResponse(Guid Id, Guid UserId, int Balance, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
