using System.ComponentModel;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.WalletService.Wallets;

/// <summary>A wallet as its owner and admins see it.</summary>
internal sealed record WalletResponse(Guid Id, Guid UserId, int Balance, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A transaction as one of its two wallets sees it.</summary>
internal sealed record TransactionResponse(
    Guid Id,
    [property: Description("1, 2, 3 … in this wallet.")] long Seq,
    [property: Description("Negative where points left this wallet.")] int Amount,
    int BalanceAfter,
    EntryKind Kind,
    [property: Description("The other person of a transfer; null where there is none, or they were deleted.")] Guid? CounterpartUserId,
    string? Reason,
    DateTimeOffset CreatedAt)
{
    public static TransactionResponse From(WalletTransaction transaction, WalletEntry entry, Guid? counterpartUserId) => new(
        transaction.Id,
        entry.Seq!.Value,
        entry.Amount,
        entry.BalanceAfter!.Value,
        transaction.Kind switch
        {
            TransactionKind.Award => EntryKind.Award,
            TransactionKind.Transfer => entry.Amount > 0 ? EntryKind.TransferIn : EntryKind.TransferOut,
            TransactionKind.Deduction or TransactionKind.Closure or _ => EntryKind.Deduction,
        },
        counterpartUserId,
        transaction.Reason,
        transaction.CreatedAt);
}

internal enum EntryKind
{
    Award,
    Deduction,
    TransferIn,
    TransferOut,
}

/// <summary>Points for somebody else.</summary>
public sealed record TransferRequest(
    [property: RequiredMember] Guid? ToUserId,
    [property: RequiredMember, NumberRange(WalletRules.MinimumAmount, WalletRules.MaximumAmount)] int? Amount,
    [property: Text(WalletRules.ReasonLength)] string? Reason);

/// <summary>Points that an admin gives or takes.</summary>
public sealed record AdjustmentRequest(
    [property: RequiredMember, NumberRange(WalletRules.MinimumAmount, WalletRules.MaximumAmount)] int? Amount,
    [property: RequiredMember, Text(WalletRules.ReasonLength, MinimumLength = 1)] string? Reason);

/// <summary>What a movement of points may be, whether a request or an event asks for it (docs/contract.md#3-wallet).</summary>
internal static class WalletRules
{
    public const int MinimumAmount = 1;
    public const int MaximumAmount = 1_000_000;
    public const int ReasonLength = 200;
}
