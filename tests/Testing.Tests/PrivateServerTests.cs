using System.Diagnostics;
using System.Net;
using Npgsql;

namespace Explaino.Testing.Tests;

public sealed class PrivateServerTests
{
    [Fact]
    public async Task A_database_server_stops_and_comes_back_with_its_data()
    {
        using var server = await PostgresServer.StartPrivateAsync();
        await using var database = await TestDatabase.CreateAsync(Service.Wallet, server);
        await server.StopAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => CountExampleWalletsAsync(database));

        await server.StartAsync();

        Assert.Equal(0L, await CountExampleWalletsAsync(database));
    }

    [Fact]
    public async Task A_broker_stops_and_comes_back_and_events_flow_again()
    {
        using var server = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet, rabbitMq: server);
        await using var host = new ServiceHost<Program>(environment);
        await host.InitializeAsync();
        using var client = host.Anonymous();
        await server.StopAsync();
        using var health = await client.GetAsync("/health");

        await server.StartAsync();

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await environment.Broker.PublishAsync("user-created.v1", EventDocuments.Example("user-created.v1"));
        await Eventually.TrueAsync(async () => await CountExampleWalletsAsync(environment.Database) == 1, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_server_lives_as_long_as_its_last_holder_even_if_that_is_killed()
    {
        var server = await PostgresServer.StartPrivateAsync();
        var folder = server.Private.Folder;
        using var otherHolder = Process.Start("flock", ["--shared", "--no-fork", Path.Combine(folder, "holders"), "sleep", "30"]);
        await Eventually.TrueAsync(async () => (await File.ReadAllTextAsync($"/proc/{otherHolder.Id}/comm")).Trim() == "sleep");

        server.Dispose();
        await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.TrueAsync(() => !Directory.Exists(folder), TimeSpan.FromSeconds(4)));
        otherHolder.Kill();

        await Eventually.TrueAsync(() => !Directory.Exists(folder), TimeSpan.FromSeconds(30));
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync());
    }

    private static async Task<long> CountExampleWalletsAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM points_wallets WHERE user_id = '019a7c1e-5a00-7000-8000-000000000001'";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
