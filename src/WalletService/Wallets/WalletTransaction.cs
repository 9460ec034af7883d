using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

    public WalletTransaction At(DateTimeOffset time) => new() { Id = Id, Kind = Kind, Reason = Reason, EventId = EventId, CreatedAt = time };
}

public enum TransactionKind
{
    Award,
    Deduction,
    Transfer,

    /// <summary>What was left in the wallet of a deleted user.</summary>
    Closure,
}

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

internal sealed class WalletTransactionConfiguration : IEntityTypeConfiguration<WalletTransaction>
{
    public void Configure(EntityTypeBuilder<WalletTransaction> builder)
    {
        builder.ToTable("wallet_transactions");
        builder.Property(transaction => transaction.Kind)
            .HasMaxLength(20)
            .StoredAsWord();
        builder.Property(transaction => transaction.Reason).HasMaxLength(WalletRules.ReasonLength);
        builder.HasIndex(transaction => transaction.EventId).IsUnique().HasDatabaseName("ux_wallet_transactions_event_id");
    }
}

/// <summary>What the model cannot say (no change, both sides or none) is said by triggers, in the migration GuardLedger.</summary>
internal sealed class WalletEntryConfiguration : IEntityTypeConfiguration<WalletEntry>
{
    public void Configure(EntityTypeBuilder<WalletEntry> builder)
    {
        builder.ToTable("wallet_entries", table =>
        {
            table.HasCheckConstraint("ck_wallet_entries_amount", "amount <> 0");
            table.HasCheckConstraint("ck_wallet_entries_balance_after", "balance_after >= 0");
            table.HasCheckConstraint(
                "ck_wallet_entries_system",
                $"""
                CASE WHEN wallet_id = '{WalletEntry.SystemAccount}'
                THEN seq IS NULL AND balance_after IS NULL
                ELSE seq IS NOT NULL AND seq >= 1 AND balance_after IS NOT NULL END
                """);
        });
        builder.HasKey(entry => new { entry.TransactionId, entry.WalletId });
        builder.HasIndex(entry => new { entry.WalletId, entry.Seq }).IsUnique().HasDatabaseName("ux_wallet_entries_wallet_id_seq");
        builder.HasOne<WalletTransaction>().WithMany().HasForeignKey(entry => entry.TransactionId)
            .OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_wallet_entries_transaction_id");
    }
}
