namespace Explaino.WalletService.Wallets;

/// <summary>One movement of points, with two entries: the same amount out of one account and into another.</summary>
public sealed class WalletTransaction
{
    public required Guid Id { get; init; }

    public required TransactionKind Kind { get; init; }

    /// <summary>In somebody's words, so it goes when one of the two persons goes.</summary>
    public string? Reason { get; init; }

    /// <summary>The <c>PointsAwarded</c> event that this was the effect of.</summary>
    public Guid? EventId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public enum TransactionKind
{
    Award,
    Deduction,
    Transfer,

    /// <summary>What was left in the wallet of a deleted user.</summary>
    Closure,
}
