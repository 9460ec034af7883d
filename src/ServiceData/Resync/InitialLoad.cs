using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceData.Resync;

/// <summary>Initial load: the mark that this database has been held against a source as a whole, at least once.</summary>
public sealed class InitialLoad
{
    /// <summary>Of everybody whom Identity knows.</summary>
    public const string OfPeople = "people";

    public required string Source { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }
}

/// <summary>Every database whose service keeps something of people applies this.</summary>
public sealed class InitialLoadConfiguration : IEntityTypeConfiguration<InitialLoad>
{
    public void Configure(EntityTypeBuilder<InitialLoad> builder) => builder.ToTable("initial_loads").HasKey(load => load.Source);
}

/// <summary>
/// Initial load of a new database, once its service's queues are there (docs/adr/0064): an event that was published before reached none of them, be it that of the first admin
/// or, where the service is younger than its people, everybody's. Several instances may do it at once; one that dies leaves it to the next.
/// </summary>
internal sealed class InitialLoadWorker<TContext>(
    IBusControl bus, IServiceScopeFactory scopes, TimeProvider clock, ILogger<InitialLoadWorker<TContext>> logger,
    Func<IServiceProvider, CancellationToken, Task<ResyncReport>> load) : BackgroundService
    where TContext : DbContext
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(stoppingToken))
        {
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TContext>();
            if (!await db.Set<InitialLoad>().AnyAsync(each => each.Source == InitialLoad.OfPeople, cancellationToken))
            {
                await bus.WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);
                await load(scope.ServiceProvider, cancellationToken);
                await db.Database.ExecuteSqlAsync(
                    $"INSERT INTO initial_loads (source, loaded_at) VALUES ({InitialLoad.OfPeople}, {clock.GetUtcNow()}) ON CONFLICT DO NOTHING", cancellationToken);
            }

            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // While a system starts, Identity, the broker or the database may come later than this.
            logger.LogInformation("The first load of people from Identity waits: {Reason}", e.Message);
            return false;
        }
    }
}
