using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Postgres;

/// <summary>What the contexts of all services have in common.</summary>
public abstract class ServiceDbContext : DbContext
{
    // No savepoint around each SaveChanges in a transaction, which is two more round trips: who goes on where a part failed makes one.
    protected ServiceDbContext(DbContextOptions options) : base(options) => Database.AutoSavepointsEnabled = false;

    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());
}
