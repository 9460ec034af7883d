using Explaino.ChatService.Conversations;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <summary>How a message stands in a row of any statement here.</summary>
internal static class MessageRows
{
    public const string Columns = "id, seq, sender_id, content, client_message_id, created_at, edited_at, deleted_at";

    /// <summary>How many columns <see cref="Columns"/> are.</summary>
    public const int Width = 8;

    public static MessageResponse ReadMessage(this NpgsqlDataReader row, Conversation conversation, int first = 0) => new(
        row.GetGuid(first),
        conversation.ChatId,
        conversation.GroupId,
        row.GetInt64(first + 1),
        row.GetGuid(first + 2),
        row.IsDBNull(first + 3) ? null : row.GetString(first + 3),
        row.IsDBNull(first + 4) ? null : row.GetGuid(first + 4),
        row.GetFieldValue<DateTimeOffset>(first + 5),
        row.IsDBNull(first + 6) ? null : row.GetFieldValue<DateTimeOffset>(first + 6),
        row.IsDBNull(first + 7) ? null : row.GetFieldValue<DateTimeOffset>(first + 7));

    /// <summary>The same columns of another name: <c>message.id, message.seq, …</c></summary>
    public static string Of(string alias) => string.Join(", ", Columns.Split(", ").Select(column => $"{alias}.{column}"));
}

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
