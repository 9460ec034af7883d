using Explaino.SampleService.Samples;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;

namespace Explaino.SampleService.Data;

/// <summary>SampleService's own database.</summary>
public sealed class SampleDbContext(DbContextOptions<SampleDbContext> options) : ServiceDbContext(options)
{
    public DbSet<Sample> Samples => Set<Sample>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(SampleDbContext).Assembly);
}
