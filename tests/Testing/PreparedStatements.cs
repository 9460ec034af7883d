using Npgsql;

namespace Explaino.Testing;

/// <summary>What a service's connections have prepared, which only they can tell.</summary>
internal static class PreparedStatements
{
    // Idle ones are given first; so many at once were not in use.
    private const int Connections = 10;

    public static async Task<IReadOnlyCollection<string>> ReplannedAsync(NpgsqlDataSource database)
    {
        var open = new List<NpgsqlConnection>();
        try
        {
            var (replanned, prepared) = (new HashSet<string>(), 0);
            while (open.Count < Connections)
            {
                open.Add(await database.OpenConnectionAsync());
                await using var command = new NpgsqlCommand("SELECT statement, custom_plans, generic_plans FROM pg_prepared_statements", open[^1]);
                await using var row = await command.ExecuteReaderAsync();
                for (; await row.ReadAsync(); prepared++)
                {
                    if (row.GetInt64(1) > 5 && row.GetInt64(2) == 0)
                    {
                        replanned.Add(row.GetString(0));
                    }
                }
            }

            return prepared > 0 ? replanned : throw new InvalidOperationException("Nothing is prepared.");
        }
        finally
        {
            foreach (var connection in open)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
