using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

        // No index holds what a movement changes, and each page has room for a row's next version: such an update touches no index (docs/adr/0049).
        builder.HasStorageParameter("fillfactor", 80);
    }
}
