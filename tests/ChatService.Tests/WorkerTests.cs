using System.Net;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ChatService.Tests;

/// <summary>Background workers: what fails in one of them is tried again, whatever it is, and ends no instance.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task A_statement_that_the_database_refuses_for_a_while_ends_nothing()
    {
        await using var host = new ServiceHost<Program>(Service.Chat, ChatBehindGateway.Settings);
        await host.InitializeAsync();
        using var client = host.As(TestUser.New());

        await ExecuteAsync(host, "ALTER TABLE hub_connections RENAME TO away; ALTER TABLE push_dues RENAME TO away_as_well");
        await Eventually.TrueAsync(() => host.Log.Contains("Displaced connections could not be looked for", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => host.Log.Contains("What is due could not be looked at", StringComparison.Ordinal));
        await ExecuteAsync(host, "ALTER TABLE away RENAME TO hub_connections; ALTER TABLE away_as_well RENAME TO push_dues");

        using var answer = await client.GetAsync("/api/chats");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("BackgroundService failed", host.Log, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(ServiceHost<Program> host, string sql)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
