using Npgsql;

namespace Explaino.WalletService.Tests;

/// <summary>The ledger's tables themselves, for what cannot be seen or done through HTTP.</summary>
internal sealed class LedgerTables(NpgsqlConnection connection) : IAsyncDisposable
{
    public static async Task<LedgerTables> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return new(connection);
    }

    public async Task<int> ExecuteAsync(string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
