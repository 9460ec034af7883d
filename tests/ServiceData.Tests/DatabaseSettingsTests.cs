using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Errors;
using Explaino.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Explaino.ServiceData.Tests;

/// <summary>How a service uses its database, unless its connection string says otherwise.</summary>
public sealed class DatabaseSettingsTests
{
    [Fact]
    public void Waits_are_short_and_statements_are_prepared()
    {
        var settings = SettingsOf("Host=localhost");

        Assert.Equal((3, 10, -1), (settings.Timeout, settings.CommandTimeout, settings.CancellationTimeout));
        Assert.Equal((100, 2), (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages));
        Assert.True(settings.NoResetOnClose);
        Assert.Equal(GssEncryptionMode.Disable, settings.GssEncryptionMode);
    }

    [Fact]
    public void What_the_connection_string_says_wins()
    {
        var settings = SettingsOf("Host=localhost;Timeout=15;Command Timeout=30;Max Auto Prepare=0;No Reset On Close=false");

        Assert.Equal((15, 30, 0), (settings.Timeout, settings.CommandTimeout, settings.MaxAutoPrepare));
        Assert.False(settings.NoResetOnClose);
    }

    [Fact]
    public async Task Connections_that_are_lost_while_they_open_and_work_are_outages_and_nothing_else()
    {
        var server = new NpgsqlConnectionStringBuilder((await PostgresServer.SharedAsync()).ConnectionString);
        using var wire = new Wire(server.Host!, server.Port);
        server.Port = wire.Port;
        await using var app = AppWith(server.ConnectionString);
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        using var end = new CancellationTokenSource();

        var people = Enumerable.Range(0, 24).Select(_ => FailuresAsync(database, end.Token)).ToList();
        for (var cut = 0; cut < 25; cut++)
        {
            wire.FallSilent();
            await Eventually.TrueAsync(() => wire.Connections > 0);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            wire.Heal();
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        await end.CancelAsync();
        var failures = (await Task.WhenAll(people)).SelectMany(failure => failure).ToList();

        Assert.NotEmpty(failures);
        Assert.All(failures, failure => Assert.True(TransientFailure.Is(failure), failure.ToString()));
    }

    [Fact]
    public async Task A_connection_whose_prepared_statements_are_not_what_they_should_be_is_given_up()
    {
        var server = new NpgsqlConnectionStringBuilder((await PostgresServer.SharedAsync()).ConnectionString) { MaxPoolSize = 1 };
        await using var app = AppWith(server.ConnectionString);
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Nothing>().Database;
        await database.ExecuteSqlRawAsync("PREPARE _auto0 AS SELECT 2");

        var failures = new List<Exception>();
        for (var use = 0; use < 10; use++)
        {
            var failure = await Record.ExceptionAsync(() => database.SqlQueryRaw<int>("SELECT 1 AS \"Value\"").SingleAsync());
            failures.AddRange(failure is null ? [] : [failure]);
        }

        Assert.True(TransientFailure.Is(Assert.Single(failures)));
    }

    [Fact]
    public async Task A_connection_whose_server_has_become_read_only_is_an_outage_and_given_up()
    {
        var server = new NpgsqlConnectionStringBuilder((await PostgresServer.SharedAsync()).ConnectionString) { MaxPoolSize = 1 };
        await using var app = AppWith(server.ConnectionString);
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Nothing>().Database;
        await database.ExecuteSqlRawAsync("SET default_transaction_read_only = on");

        var failure = await Record.ExceptionAsync(() => database.ExecuteSqlRawAsync("CREATE TABLE written (id integer)"));
        var again = await database.SqlQueryRaw<string>("SELECT current_setting('transaction_read_only') AS \"Value\"").SingleAsync();

        Assert.True(TransientFailure.Is(failure!), failure?.ToString());
        Assert.Equal("off", again);
    }

    private static async Task<List<Exception>> FailuresAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync(CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        return failures;
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(string connectionString)
    {
        using var app = (IDisposable)AppWith(connectionString);
        return new(((WebApplication)app).Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
    }

    private static WebApplication AppWith(string connectionString)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:nothingdb"] = connectionString;
        builder.AddDatabase<Nothing>("nothingdb");
        return builder.Build();
    }

    private sealed class Nothing(DbContextOptions<Nothing> options) : DbContext(options);
}
