using Npgsql;

namespace Explaino.Testing.Migrations;

/// <summary>Lock checker of migrations: brings a database up to date whose tables are full, and says what would stand in the way of the version that serves.</summary>
/// <param name="Complaints">What must not be, accepted or not.</param>
/// <param name="Longest">How long a table was locked against others at most, and which.</param>
/// <param name="Tables">How many were filled.</param>
public sealed record WatchedMigrations(IReadOnlyList<MigrationComplaint> Complaints, (TimeSpan Time, string What) Longest, int Tables)
{
    /// <summary>What a table of this size may be locked for; smaller ones tell by being read from end to end while they are.</summary>
    public static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);

    private const int Large = 1_000_000;

    /// <summary>Migrations that do it all the same, and why that is borne.</summary>
    public static readonly IReadOnlyDictionary<string, string> Accepted = new Dictionary<string, string>
    {
        ["20261122224400_AddSearch"] = "Part of the first release: nobody has rows yet.",
        ["20261126161100_FoldNames"] = "A generated column is never added without a rewrite. It writes a large installation's profiles out of use for some seconds a table.",
        ["20261127000627_SecurityNotices"] = "Mails and codes are few: they live for minutes.",
        ["20261127040407_FlaggedCases"] = "Reports are few, and the index is made in a moment.",
    };

    /// <summary>What is not accepted.</summary>
    public IEnumerable<MigrationComplaint> Open => Complaints.Where(said => !Accepted.ContainsKey(said.Migration));

    /// <summary>What constraints want other values of than a column's type says.</summary>
    private static readonly (string Table, string Column, string Sample)[] Samples =
    [
        ("group_chat_participants", "role", "'member'"), ("job_post_images", "url", "'https://example.org/' || i"),
        ("wallet_entries", "seq", "1"), ("wallet_entries", "balance_after", "1"), ("things", "count", "1"),
    ];

    /// <summary>Runs all migrations of a service, each with so many rows in every table that those before it made.</summary>
    public static async Task<WatchedMigrations> RunAsync(Service service, int rows)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(service);
        await using var source = NpgsqlDataSource.Create($"{database.SuperuserConnectionString};Command Timeout=0");
        await PrepareAsync(source, service, rows);
        await database.MigrateAsync(service, TimeSpan.FromHours(1));
        return await ReadAsync(source, rows);
    }

    /// <summary>The checker's own test: what these statements do to a table that is full.</summary>
    public static async Task<WatchedMigrations> TryAsync(Service service, int rows, string statements)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(service);
        await using var source = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        await PrepareAsync(source, service, rows);
        await ExecuteAsync(source, $"""CREATE TABLE things (id uuid PRIMARY KEY, name text NOT NULL, count integer); INSERT INTO "__EFMigrationsHistory" VALUES ('0_Things', '')""");
        await ExecuteAsync(source, $"""{statements}; INSERT INTO "__EFMigrationsHistory" VALUES ('1_Seeded', '')""");
        return await ReadAsync(source, rows);
    }

    private static async Task PrepareAsync(NpgsqlDataSource source, Service service, int rows)
    {
        await ExecuteAsync(source, await File.ReadAllTextAsync(Repository.PathTo("tests", "Testing", "Migrations", "watch.sql")));
        await ExecuteAsync(source, $"""ALTER TABLE "__EFMigrationsHistory" OWNER TO {service.Database}_owner; INSERT INTO watch.rows VALUES ({rows})""");
        foreach (var (table, column, sample) in Samples)
        {
            await ExecuteAsync(source, $"INSERT INTO watch.samples VALUES ('{table}', '{column}', $${sample}$$)");
        }
    }

    private static async Task<WatchedMigrations> ReadAsync(NpgsqlDataSource source, int rows)
    {
        var complaints = await ListAsync(
            source,
            "SELECT watch.migration(at), 'rewritten: ' || relation::regclass || ' by ' || left(regexp_replace(statement, '[[:space:]]+', ' ', 'g'), 150), 0::float8, 0::bigint FROM watch.rewrites");
        var locks = await ListAsync(
            source,
            """
            SELECT watch.migration(at), relation::regclass || ' (' || mode || ') by ' || left(regexp_replace(statement, '[[:space:]]+', ' ', 'g'), 150), held, rows_read
            FROM (
                SELECT DISTINCT ON (l.transaction, l.relation)
                    l.relation, l.mode, l.statement, l.at, max(l.rows_read) OVER whole AS rows_read,
                    extract(epoch FROM max(l.at) OVER whole - (SELECT max(s.at) FROM watch.starts AS s WHERE s.transaction = l.transaction AND s.at <= l.at))::float8 AS held
                FROM watch.locks AS l
                WINDOW whole AS (PARTITION BY l.transaction, l.relation)
                ORDER BY l.transaction, l.relation, l.at
            ) AS locked
            ORDER BY held DESC
            """);
        complaints.AddRange(locks
            .Where(held => held.Seconds > Allowed.TotalSeconds || (rows < Large && held.Read >= rows))
            .Select(held => held with { What = $"locked for {held.Seconds:F1} s, {held.Read} rows read: {held.What}" }));
        var longest = locks.Count == 0 ? default : (TimeSpan.FromSeconds(locks[0].Seconds), $"{locks[0].Migration}: {locks[0].What}");
        return new([.. complaints.Select(said => new MigrationComplaint(said.Migration, said.What))], longest, (await ListAsync(source, "SELECT '', relation::text, 0::float8, 0::bigint FROM watch.filled")).Count);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<(string Migration, string What, double Seconds, long Read)>> ListAsync(NpgsqlDataSource source, string sql)
    {
        var lines = new List<(string, string, double, long)>();
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add((reader.GetString(0), reader.GetString(1), reader.GetDouble(2), reader.GetInt64(3)));
        }

        return lines;
    }
}

/// <summary>What a migration does to a table that is full.</summary>
public sealed record MigrationComplaint(string Migration, string What);
