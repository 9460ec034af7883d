using Npgsql;

namespace Explaino.Testing.Tests;

public sealed class DatabaseTests
{
    [Fact]
    public async Task Each_database_is_migrated_and_nobody_elses()
    {
        await using var one = await TestDatabase.CreateAsync(Service.Wallet);
        await using var other = await TestDatabase.CreateAsync(Service.Wallet);

        await ExecuteAsync(one.ConnectionString, "INSERT INTO points_wallets (id, user_id, balance, last_seq, created_at, updated_at) " +
            "VALUES (gen_random_uuid(), gen_random_uuid(), 0, 0, now(), now())");

        Assert.Equal(0L, await ExecuteAsync(other.ConnectionString, "SELECT count(*) FROM points_wallets WHERE balance = 0"));
        Assert.Equal(1L, await ExecuteAsync(one.ConnectionString, "SELECT count(*) FROM points_wallets WHERE balance = 0"));
    }

    [Fact]
    public async Task The_serving_role_changes_no_tables()
    {
        await using var database = await TestDatabase.CreateAsync(Service.Wallet);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            ExecuteAsync(database.ConnectionString, "CREATE TABLE mine (id int)"));
        var otherRefusal = await Assert.ThrowsAsync<PostgresException>(() =>
            ExecuteAsync(database.ConnectionString, "DROP TABLE points_wallets"));
        await ExecuteAsync(database.OwnerConnectionString, "CREATE TABLE mine (id int)");

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, otherRefusal.SqlState);
    }

    [Fact]
    public async Task Another_role_cannot_connect()
    {
        await using var database = await TestDatabase.CreateAsync(Service.Wallet);
        await ExecuteAsync(
            database.SuperuserConnectionString,
            "DO $$ BEGIN CREATE ROLE stranger LOGIN PASSWORD 'stranger'; EXCEPTION WHEN duplicate_object THEN END $$");
        var stranger = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "stranger", Password = "stranger" };

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(stranger.ConnectionString, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task It_is_gone_at_the_end_even_when_somebody_is_connected()
    {
        var database = await TestDatabase.CreateAsync(Service.Wallet);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();

        await database.DisposeAsync();

        var server = await PostgresServer.SharedAsync();
        Assert.Equal(0L, await ExecuteAsync(server.ConnectionString, $"SELECT count(*) FROM pg_database WHERE datname = '{database.Name}'"));
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync();
    }
}
