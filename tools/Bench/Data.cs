using System.Globalization;

namespace Explaino.Bench;

/// <summary>What the system holds while it is measured, written straight into each service's database.</summary>
internal sealed class Data(BenchSystem system)
{
    private static readonly (string Database, string Script)[] Parts =
    [
        ("identity", "identity"), ("wallet", "wallet"), ("jobboard", "people"), ("jobboard", "jobboard"),
        ("profile", "people"), ("profile", "profile"), ("chat", "people"),
    ];

    /// <summary>Users 1 to so many are there, each with a wallet, a profile and a post.</summary>
    public int Rows { get; private set; }

    public async Task GrowAsync(int rows)
    {
        // What a former run of the tool left is as good.
        Rows = (int)await ReadAsync<long>("chat", "SELECT count(*) FROM people WHERE username LIKE 'bench%'");
        foreach (var (database, script) in Rows < rows ? Parts : [])
        {
            await RunScriptAsync(database, script, rows);
        }

        Rows = Math.Max(Rows, rows);
        await RunScriptAsync("identity", "tokens", Rows);
        await SettleAsync();
    }

    public async Task<T> ReadAsync<T>(string database, string sql)
    {
        await using var source = system.Open(database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var source = system.Open(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task RunScriptAsync(string database, string script, int rows) =>
        await ExecuteAsync(database, (await File.ReadAllTextAsync(Path.Combine(BenchSystem.Sql, "data", script + ".sql")))
            .Replace(":first", (Rows + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(":last", rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>What was written in bulk is vacuumed and on disk before anything is measured, so that neither falls into somebody's run.</summary>
    private async Task SettleAsync()
    {
        foreach (var database in Parts.Select(part => part.Database).Distinct())
        {
            await ExecuteAsync(database, "VACUUM");
        }

        await ExecuteAsync("postgres", "CHECKPOINT");
    }
}
