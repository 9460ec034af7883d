using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;
using Npgsql;

namespace Explaino.Trust.Tests.Deletion;

/// <summary>The checker: looks for people's words and ids in every table of every database, every queue, stored file and process log.</summary>
/// <param name="people">Who is to be gone. All are looked for at once: looking through the tables takes longer than it took to empty them.</param>
internal sealed class Leftovers(WiredSystem system, IReadOnlyCollection<TraceablePerson> people)
{
    /// <summary>Where the bare id is kept: who wrote a message that stays, whose deed others were told of (in an outbox for a week), who did what is audited, and who is gone, so that no late event brings them back.</summary>
    private static readonly HashSet<string> KeepTheId =
    [
        "profile.people", "jobboard.people", "chat.people", "wallet.deleted_users",
        "chat.chats", "chat.chat_members", "chat.messages", "chat.group_messages",
        "chat.feed_entries", "chat.feed_deeds",
        "identity.outbox_messages", "jobboard.outbox_messages", "wallet.outbox_messages", "chat.outbox_messages", "identity.revoked_sessions", "identity.audit_entries",
    ];

    private readonly HashSet<string> _filesBefore = [.. Files(system)];

    private IEnumerable<string> Words => people.SelectMany(person => person.Words);

    public async Task<IReadOnlyList<string>> FindAsync() =>
        [.. await InTablesAsync(), .. await InQueuesAsync(), .. Files(system).Except(_filesBefore).Select(file => $"file {file}"), .. InLogs()];

    /// <summary>How many tables were looked through, for the record.</summary>
    public int TableCount { get; private set; }

    private async Task<List<string>> InTablesAsync()
    {
        var found = new List<string>();
        TableCount = 0;
        foreach (var (service, database) in system.Databases)
        {
            await using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
            await connection.OpenAsync();
            foreach (var table in await TablesAsync(connection))
            {
                TableCount++;
                var name = $"{service.Database}.{table}";
                var wanted = KeepTheId.Contains(name) ? Words : Words.Concat(people.Select(person => person.Id.ToString()));
                found.AddRange((await RowsWithAsync(connection, table, wanted)).Select(row => $"{name}: {row}"));
            }
        }

        return found;
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'", connection);
        return await ReadAsync(command);
    }

    /// <summary>A row's text has all its columns, those of binary data in hexadecimal.</summary>
    private static async Task<IReadOnlyList<string>> RowsWithAsync(NpgsqlConnection connection, string table, IEnumerable<string> wanted)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT left(row.*::text, 300) FROM \"{table}\" AS row WHERE row.*::text ~* $1", connection);

        // One expression, so that a row is read once, whoever is looked for.
        command.Parameters.AddWithValue(
            string.Join('|', wanted.SelectMany(word => new[] { Regex.Escape(word), Convert.ToHexString(Encoding.UTF8.GetBytes(word)) })));
        return await ReadAsync(command);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlCommand command)
    {
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    /// <summary>A message that is still somewhere may be about anybody.</summary>
    private async Task<IEnumerable<string>> InQueuesAsync()
    {
        using var response = await system.RabbitMq.Management.GetAsync($"/api/queues/{system.Broker.Name}");
        var queues = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();
        return queues.Where(queue => (int?)queue!["messages"] > 0).Select(queue => $"queue {queue!["name"]}: {queue["messages"]} messages");
    }

    private static string[] Files(WiredSystem system) => Directory.GetFiles(system.Folder("files"), "*", SearchOption.AllDirectories);

    private IEnumerable<string> InLogs() =>
        from service in system.Databases.Keys.Append(Service.Gateway)
        from line in system[service].Log.Split('\n')
        where Words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))
        select $"log of {service.Name}: {line}";
}
