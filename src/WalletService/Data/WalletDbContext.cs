using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Resync;
using Explaino.WalletService.Wallets;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Data;

/// <summary>WalletService's own database.</summary>
public sealed class WalletDbContext(DbContextOptions<WalletDbContext> options) : ServiceDbContext(options), IKeepsBlocks
{
    public static string QueryOfDeletedUsers => "SELECT FROM (SELECT user_id AS id FROM deleted_users) AS gone WHERE true";

    public DbSet<Wallet> Wallets => Set<Wallet>();

    public DbSet<WalletTransaction> Transactions => Set<WalletTransaction>();

    public DbSet<WalletEntry> Entries => Set<WalletEntry>();

    public DbSet<DeletedUser> DeletedUsers => Set<DeletedUser>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new IdempotencyKeyConfiguration())
            .ApplyConfiguration(new OutboxMessageConfiguration())
            .ApplyConfiguration(new BlockConfiguration())
            .ApplyConfiguration(new InitialLoadConfiguration())
            .ApplyConfigurationsFromAssembly(typeof(WalletDbContext).Assembly);
}
