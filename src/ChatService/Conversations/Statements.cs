using Npgsql;

namespace Explaino.ChatService.Conversations;

/// <summary>Statements with named parameters, each run on a connection of the pool.</summary>
internal static class Statements
{
    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = database.CreateCommand(sql);
        Bind(command.Parameters, parameters);
        return command;
    }

    /// <summary>
    /// Takes a row and then runs the statement, in one round trip and one transaction: the statement sees what whoever held the row before has committed.
    /// </summary>
    public static NpgsqlBatch Holding(this NpgsqlDataSource database, string row, string sql, params (string Name, object? Value)[] parameters)
    {
        var batch = database.CreateBatch();
        batch.BatchCommands.Add(BatchCommand($"SELECT FROM {row} FOR NO KEY UPDATE", parameters));
        batch.BatchCommands.Add(BatchCommand(sql, parameters));
        return batch;
    }

    public static NpgsqlBatchCommand BatchCommand(string sql, params (string Name, object? Value)[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        Bind(command.Parameters, parameters);
        return command;
    }

    /// <summary>The reader of a batch's last statement, on its first row; null if it gave none.</summary>
    public static async Task<NpgsqlDataReader?> ReadLastAsync(this NpgsqlBatch batch)
    {
        var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        await reader.NextResultAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None) ? reader : await CloseAsync(reader);
    }

    private static async Task<NpgsqlDataReader?> CloseAsync(NpgsqlDataReader reader)
    {
        await reader.DisposeAsync();
        return null;
    }

    private static void Bind(NpgsqlParameterCollection target, IEnumerable<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            // Null needs its type said; ids are the only thing that may be absent here.
            target.Add(value is null ? new NpgsqlParameter(name, NpgsqlTypes.NpgsqlDbType.Uuid) { Value = DBNull.Value } : new NpgsqlParameter(name, value));
        }
    }
}
