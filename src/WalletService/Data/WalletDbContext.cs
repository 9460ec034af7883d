using Explaino.ServiceDefaults.Data;
using Explaino.ServiceDefaults.Idempotency;
using Explaino.WalletService.Wallets;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Data;

/// <summary>WalletService's own database.</summary>
public sealed class WalletDbContext(DbContextOptions<WalletDbContext> options) : DbContext(options)
{
    public DbSet<Wallet> Wallets => Set<Wallet>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new IdempotencyKeyConfiguration())
            .ApplyConfigurationsFromAssembly(typeof(WalletDbContext).Assembly);
}
