using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Errors;
using Explaino.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Explaino.ServiceData.Tests;

/// <summary>A connection string that names several servers: the primary is used, whichever that is by now.</summary>
public sealed class DatabaseServersTests
{
    [Theory]
    [InlineData("")]
    [InlineData(";Target Session Attributes=primary")]
    [InlineData(";Target Session Attributes=read-write")]
    public async Task The_one_that_takes_writes_is_found_behind_one_that_is_away(string attributes)
    {
        var server = new NpgsqlConnectionStringBuilder((await PostgresServer.SharedAsync()).ConnectionString);
        await using var app = AppWith(server, attributes, FreePorts.Find(), server.Port);
        await using var scope = app.Services.CreateAsyncScope();

        Assert.Equal(1, await OneAsync(scope));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(app));
    }

    [Fact]
    public async Task A_standby_that_takes_over_is_found_by_whoever_asks_next()
    {
        using var primary = await PostgresServer.StartPrivateAsync();
        using var standby = await PostgresServer.StartStandbyAsync(primary.Port);
        await using var app = AppWith(new(primary.ConnectionString), "", primary.Port, standby.Port);
        await using var scope = app.Services.CreateAsyncScope();
        Assert.Equal(primary.Port, await PortAsync(scope));
        await primary.KillAsync();

        var health = await HealthAsync(app);
        var failure = await Record.ExceptionAsync(() => OneAsync(scope));
        await standby.PromoteAsync();
        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => OneAsync(scope)) is null, TimeSpan.FromSeconds(5));

        Assert.True(TransientFailure.Is(failure!), failure?.ToString());
        Assert.Equal(HealthStatus.Unhealthy, health);
        Assert.Equal(standby.Port, await PortAsync(scope));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(app));
    }

    private static Task<int> OneAsync(AsyncServiceScope scope) => DatabaseOf(scope).SqlQueryRaw<int>("SELECT 1 AS \"Value\"").SingleAsync();

    private static Task<int> PortAsync(AsyncServiceScope scope) => DatabaseOf(scope).SqlQueryRaw<int>("SELECT inet_server_port() AS \"Value\"").SingleAsync();

    private static DatabaseFacade DatabaseOf(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<Nothing>().Database;

    private static async Task<HealthStatus> HealthAsync(WebApplication app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "database")).Status;

    private static WebApplication AppWith(NpgsqlConnectionStringBuilder server, string attributes, params int[] ports)
    {
        server.Host = string.Join(',', ports.Select(port => $"127.0.0.1:{port}"));
        server.Port = NpgsqlConnection.DefaultPort;
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:nothingdb"] = server.ConnectionString + attributes;
        builder.AddDatabase<Nothing>("nothingdb");
        return builder.Build();
    }

    private sealed class Nothing(DbContextOptions<Nothing> options) : DbContext(options);
}
