using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.WalletService.Wallets;

internal sealed class WalletConfiguration : IEntityTypeConfiguration<Wallet>
{
    public const string UniqueUserIndex = "ux_points_wallets_user_id";
    public const string BalanceCheck = "ck_points_wallets_balance";

    public void Configure(EntityTypeBuilder<Wallet> builder)
    {
        builder.ToTable("points_wallets", table => table.HasCheckConstraint(BalanceCheck, "balance >= 0"));
        builder.HasIndex(wallet => wallet.UserId).IsUnique().HasDatabaseName(UniqueUserIndex);
        builder.HasIndex(wallet => wallet.UpdatedAt).HasDatabaseName("ix_points_wallets_updated_at");
    }
}
