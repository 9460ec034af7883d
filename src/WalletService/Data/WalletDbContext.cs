using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Postgres;
using Explaino.WalletService.Wallets;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Data;

/// <summary>WalletService's own database.</summary>
public sealed class WalletDbContext : DbContext
{
    // No savepoint around each SaveChanges: nobody goes on in a transaction of which a part failed.
    public WalletDbContext(DbContextOptions<WalletDbContext> options) : base(options) => Database.AutoSavepointsEnabled = false;

    public DbSet<Wallet> Wallets => Set<Wallet>();

    public DbSet<WalletTransaction> Transactions => Set<WalletTransaction>();

    public DbSet<WalletEntry> Entries => Set<WalletEntry>();

    public DbSet<DeletedUser> DeletedUsers => Set<DeletedUser>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new IdempotencyKeyConfiguration())
            .ApplyConfigurationsFromAssembly(typeof(WalletDbContext).Assembly);
}
