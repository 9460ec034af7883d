using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Explaino.ServiceData.Postgres;

/// <summary>A service's own PostgreSQL database.</summary>
public static class Database
{
    /// <summary>Registers a pooled <typeparamref name="TContext"/> over <c>ConnectionStrings:&lt;name&gt;</c>, its health check and the <c>migrate</c> verb.</summary>
    public static WebApplicationBuilder AddDatabase<TContext>(this WebApplicationBuilder builder, string name) where TContext : DbContext
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new DatabaseServers(SettingsOf(builder, name), name, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => services.GetRequiredService<DatabaseServers>().Source);
        builder.Services.AddDbContextPool<TContext>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(
                new DiscardSpoiledConnections(services.GetRequiredService<DatabaseServers>()),
                new FindPrimaryAgain(services.GetRequiredService<DatabaseServers>()))
            .ReplaceService<IMigrationsSqlGenerator, RestartableMigrations>()
            .ConfigureWarnings(LeaveToTheCaller));
        builder.EnrichNpgsqlDbContext<TContext>(settings =>
        {
            settings.DisableRetry = true; // It forbids transactions of our own.
            settings.DisableHealthChecks = true; // Ours has the name that docs/contract.md#1-conventions gives it.
            settings.DisableTracing = settings.DisableMetrics = !builder.Configuration.IsExported();
        });
        builder.Services.AddHealthChecks().Add(new("database", services => services.GetRequiredService<DatabaseServers>(), failureStatus: null, tags: null));
        builder.Services.AddHostedService<ClockOffset>();
        builder.Services.AddServiceCommand("migrate", "Bring the database up to date, or as far as the migration that is named, as a role that may change it.", MigrateAsync<TContext>);
        return builder;
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(WebApplicationBuilder builder, string name)
    {
        // `dotnet ef migrations add` builds the model only, and needs no server.
        var settings = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString(name)
            ?? (EF.IsDesignTime ? "Host=localhost" : null)
            ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not set."));

        // What the connection string says itself wins.
        Default("Timeout", 3);
        Default("Command Timeout", 10);

        // What is given up has failed, whatever comes of it. PostgreSQL answers the cancellation of a commit that waits for its standby with success; Npgsql would
        // take that for the statement's, and the write is lost with the primary (docs/adr/0060).
        Default("Cancellation Timeout", -1);

        // Parsing and planning cost more than running most statements. A prepared one is planned once for its connection; those used most are kept.
        Default("Max Auto Prepare", 100);
        Default("Auto Prepare Min Usages", 2);

        // No statement of ours leaves anything behind in its session, so that there is nothing to discard before the next one.
        Default("No Reset On Close", true);

        // Encryption is TLS (SSL Mode): Kerberos would be asked for, in vain, with every new connection, and again when that is lost meanwhile.
        Default("GSS Encryption Mode", GssEncryptionMode.Disable);

        // Of several servers; one that only reads is of no use to a service.
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            Default("Target Session Attributes", "primary");
        }

        // Which one is the primary is asked anew when it is seen not to be that any more; to ask a machine that is gone takes the whole time-out.
        Default("Host Recheck Seconds", 600);

        settings.ApplicationName ??= builder.Environment.ApplicationName;
        return settings;

        void Default(string keyword, object value)
        {
            // Not ContainsKey, which is true of everything that Npgsql knows.
            if (!settings.ShouldSerialize(keyword))
            {
                settings[keyword] = value;
            }
        }
    }

    // A refused write is an answer (409) as often as a failure; who does not catch it logs it.
    private static void LeaveToTheCaller(WarningsConfigurationBuilder warnings) =>
        warnings.Log(
            (RelationalEventId.CommandError, LogLevel.Debug),
            (CoreEventId.SaveChangesFailed, LogLevel.Debug),
            (CoreEventId.QueryIterationFailed, LogLevel.Debug),
            // Said of every index that is made CONCURRENTLY; such a migration can be run again: see RestartableMigrations.
            (RelationalEventId.NonTransactionalMigrationOperationWarning, LogLevel.Debug));

    private static async Task<int> MigrateAsync<TContext>(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
        where TContext : DbContext
    {
        var database = services.GetRequiredService<TContext>().Database;
        database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        if (arguments is [var last, ..])
        {
            // Forwards only: to one that is done already would be to undo those after it.
            if (!(await database.GetPendingMigrationsAsync(cancellationToken)).Contains(last))
            {
                await Console.Error.WriteLineAsync($"There is no migration '{last}' still to be done.");
                return 1;
            }

            await database.MigrateAsync(last, cancellationToken);
            Console.WriteLine($"{services.GetRequiredService<IHostEnvironment>().ApplicationName}: the database is as {last} leaves it.");
            return 0;
        }

        await database.MigrateAsync(cancellationToken);
        Console.WriteLine($"{services.GetRequiredService<IHostEnvironment>().ApplicationName}: the database is up to date.");
        return 0;
    }
}
