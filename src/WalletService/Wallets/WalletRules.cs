namespace Explaino.WalletService.Wallets;

/// <summary>What a movement of points may be, whether a request or an event asks for it (docs/contract.md#3-wallet).</summary>
internal static class WalletRules
{
    public const int MinimumAmount = 1;
    public const int MaximumAmount = 1_000_000;
    public const int ReasonLength = 200;
}
