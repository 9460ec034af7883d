using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Explaino.ServiceData.Postgres;

/// <summary>What the contexts of all services have in common.</summary>
public abstract class ServiceDbContext : DbContext
{
    // No savepoint around each SaveChanges in a transaction, which is two more round trips: who goes on where a part failed makes one.
    protected ServiceDbContext(DbContextOptions options) : base(options) => Database.AutoSavepointsEnabled = false;

    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Add(_ => new SnakeCaseConvention());
}

/// <summary>Columns are named in snake_case after their property, unless a configuration names them.</summary>
public sealed class SnakeCaseConvention : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var property in modelBuilder.Metadata.GetEntityTypes().SelectMany(entity => entity.GetDeclaredProperties()))
        {
            property.Builder.HasColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }
}
