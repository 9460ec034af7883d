using Npgsql;

namespace Explaino.Trust.Tests.Money;

/// <summary>The checker of the books, apart from the service's own <c>verify</c>: reads the tables and says what is wrong.</summary>
internal static class LedgerChecker
{
    private static readonly (string Complaint, string Query)[] Rules =
    [
        ("the entries do not add up to zero", "SELECT sum(amount) FROM wallet_entries HAVING sum(amount) <> 0"),
        ("negative balance", "SELECT id FROM points_wallets WHERE balance < 0"),
        ("balance is not the sum of its entries", """
            SELECT id FROM points_wallets AS w
            WHERE balance <> (SELECT coalesce(sum(amount), 0) FROM wallet_entries WHERE wallet_id = w.id)
            """),
        ("transaction without two sides that add up to zero", """
            SELECT t.id FROM wallet_transactions AS t LEFT JOIN wallet_entries AS e ON e.transaction_id = t.id
            GROUP BY t.id HAVING count(e.amount) <> 2 OR sum(e.amount) <> 0
            """),
    ];

    /// <summary>The rules of double entry; and that every acknowledged key, and no other, has one effect of its amount.</summary>
    public static async Task<IReadOnlyList<string>> ComplaintsAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, int> acknowledged)
    {
        var complaints = new List<string>();
        foreach (var (complaint, query) in Rules)
        {
            await foreach (var row in ReadAsync(connection, query))
            {
                complaints.Add($"{complaint}: {row.GetValue(0)}");
            }
        }

        var found = new HashSet<string>();
        const string Effects = """
            SELECT t.reason, count(DISTINCT t.id), max(e.amount)
            FROM wallet_transactions AS t JOIN wallet_entries AS e ON e.transaction_id = t.id GROUP BY t.reason
            """;
        await foreach (var row in ReadAsync(connection, Effects))
        {
            var (key, effects, amount) = (row.GetString(0), row.GetInt64(1), row.GetInt32(2));
            found.Add(key);
            if (effects != 1)
            {
                complaints.Add($"doubled: {key} has {effects} effects");
            }

            if (!acknowledged.TryGetValue(key, out var expected) || expected != amount)
            {
                complaints.Add($"invented: {key} moved {amount}, acknowledged was {expected}");
            }
        }

        complaints.AddRange(acknowledged.Keys.Where(key => !found.Contains(key)).Select(key => $"lost: {key}"));
        return complaints;
    }

    private static async IAsyncEnumerable<NpgsqlDataReader> ReadAsync(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = 600 };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return reader;
        }
    }
}
