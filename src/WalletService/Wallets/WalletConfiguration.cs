using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.WalletService.Wallets;

/// <summary>Users' balances; the system account has none.</summary>
internal sealed class WalletConfiguration : IEntityTypeConfiguration<Wallet>
{
    public void Configure(EntityTypeBuilder<Wallet> builder)
    {
        builder.ToTable("points_wallets", table =>
        {
            table.HasCheckConstraint("ck_points_wallets_balance", "balance >= 0");
            table.HasCheckConstraint("ck_points_wallets_id", $"id <> '{WalletEntry.SystemAccount}'");
        });
        builder.HasIndex(wallet => wallet.UserId).IsUnique().HasDatabaseName("ux_points_wallets_user_id");
        builder.HasIndex(wallet => wallet.UpdatedAt).HasDatabaseName("ix_points_wallets_updated_at");
    }
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

/// <summary>Remembers who is gone, so that no late event gives them a wallet again.</summary>
internal sealed class DeletedUserConfiguration : IEntityTypeConfiguration<DeletedUser>
{
    public void Configure(EntityTypeBuilder<DeletedUser> builder)
    {
        builder.ToTable("deleted_users");
        builder.HasKey(user => user.UserId);
    }
}

/// <summary>The calls of admins name a wallet's owner in their path: a few among many keys, and to be found when the owner is deleted.</summary>
internal sealed class AdjustmentKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder) =>
        builder.HasIndex(key => key.Call).HasFilter("call LIKE 'POST /api/wallets/%'").HasDatabaseName("ix_idempotency_keys_adjustments");
}
