using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>
/// Migrations on what the version before has left, and while it goes on writing: all of its rows are found by the shared text search (docs/adr/0043), and it
/// finds them itself.
/// </summary>
public sealed class FormerVersionTests
{
    private const string Somebody = "00000000-0000-7000-8000-000000000001";
    private const string SomebodyElse = "00000000-0000-7000-8000-000000000002";

    /// <summary>What is written, and by which words it is found afterwards.</summary>
    private static readonly (string Text, string Words)[] Texts =
    [
        ("Un café noir", "cafe"), ("我住在上海市中心", "上海"), ("Design UI/UX", "ux"), ("Straße der Kunst", "STRASSE"), ("C++ and .NET", "c++"), ("Great 👍", "👍"),
    ];

    private static readonly Former[] All =
    [
        new(
            "jobs",
            "20261126152809_OrderByTime",
            $"INSERT INTO people (id, version) VALUES ('{Somebody}', 1)",
            $"""
            INSERT INTO job_posts (post_id, author, title, description, tags, created_at, updated_at)
            VALUES ($1, '{Somebody}', $2, 'Looms.', ARRAY['Gießen'], now(), now())
            """,
            "SELECT count(*) FROM job_posts WHERE words @@ text_query($1) AND tag_keys @> ARRAY[text_key('GIESSEN')]",
            "SELECT count(*) FROM job_posts WHERE search @@ websearch_to_tsquery('explaino', 'noir')"),
        new(
            "chat",
            "20261126155354_IndexDeletedMessages",
            $"""
            INSERT INTO people (id, version) VALUES ('{Somebody}', 1), ('{SomebodyElse}', 1);
            INSERT INTO chats (chat_id, user_low, user_high, created_at, last_seq, last_change, last_activity_at)
            VALUES ('{Somebody}', '{Somebody}', '{SomebodyElse}', now(), 0, 0, now());
            """,
            $"""
            INSERT INTO messages (id, chat_id, seq, sender_id, content, created_at)
            SELECT $1, '{Somebody}', count(*) + 1, '{Somebody}', $2, now() FROM messages
            """,
            "SELECT count(*) FROM messages WHERE words @@ text_query($1)",
            "SELECT count(*) FROM messages WHERE search @@ websearch_to_tsquery('simple', 'noir')"),
        new(
            "chat",
            "20261126155354_IndexDeletedMessages",
            $"""
            INSERT INTO people (id, version) VALUES ('{Somebody}', 1);
            INSERT INTO group_chats (group_id, group_name, owner_id, created_at, participant_count, revision, last_seq, last_change, last_activity_at)
            VALUES ('{Somebody}', 'Looms', '{Somebody}', now(), 1, 0, 0, 0, now());
            """,
            $"""
            INSERT INTO group_messages (id, group_id, seq, sender_id, content, created_at)
            SELECT $1, '{Somebody}', count(*) + 1, '{Somebody}', $2, now() FROM group_messages
            """,
            "SELECT count(*) FROM group_messages WHERE words @@ text_query($1)",
            "SELECT count(*) FROM group_messages WHERE search @@ websearch_to_tsquery('simple', 'noir')"),
        new(
            "identity",
            "20261126155507_LimitCodesByAsker",
            "",
            """
            INSERT INTO users (id, email, normalized_email, username, normalized_username, password, password_stamp, first_name, normalized_first_name, email_verified,
                is_admin, version, created_at, updated_at)
            SELECT $1, name, name, left(name, 16), left(name, 16), '', $1, $2, lower($2), false, false, 1, now(), now()
            FROM (SELECT 'u' || right($1::text, 12) AS name) AS named
            """,
            "SELECT count(*) FROM users WHERE words @@ text_beginnings($1)",
            "SELECT count(*) FROM users WHERE normalized_first_name LIKE '%noir'"),
        new(
            "profile",
            "20261122224400_AddSearch",
            "",
            """
            WITH person AS (INSERT INTO people (id, username, first_name, version) VALUES ($1, 'somebody', $2, 1)),
                profile AS (INSERT INTO profiles (user_id, updated_at) VALUES ($1, now())),
                project AS (INSERT INTO user_projects (id, user_id, position, name) VALUES ($1, $1, 0, 'A loom'))
            INSERT INTO user_skills (id, user_id, position, name) VALUES ($1, $1, 0, 'Gießen')
            """,
            "SELECT count(*) FROM search_documents JOIN user_skills USING (user_id) WHERE words @@ text_beginnings($1) AND name_key = fold_name('GIESSEN')",
            "SELECT count(*) FROM search_documents WHERE words @@ search_query('noir')"),
    ];

    public static TheoryData<int, string> Versions => [.. All.Index().Select(former => (former.Index, former.Item.Service))];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_the_version_before_wrote_and_writes_meanwhile_is_found(int index, string name)
    {
        var (former, service) = (All[index], Service.WithDatabase.Single(service => service.Name == name));
        await using var database = await TestDatabase.CreateFormerAsync(service, former.LastMigration);
        await using var source = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        await RunAsync(source, former.Setup);
        var written = await WriteAsync(source, former, () => false);

        using var migrated = new CancellationTokenSource();
        var writing = WriteAsync(source, former, () => !migrated.IsCancellationRequested);
        await database.MigrateAsync(service);
        await migrated.CancelAsync();
        written += await writing;
        written += await WriteAsync(source, former, () => false);

        Assert.True(written >= 3, $"{written} rounds were written.");
        foreach (var (_, words) in Texts)
        {
            Assert.Equal((words, written), (words, await CountAsync(source, former.Found, words)));
        }

        Assert.Equal(written, await CountAsync(source, former.FoundByItself));
    }

    /// <summary>Writes all texts as the version before does, at least once.</summary>
    /// <returns>How often.</returns>
    private static async Task<long> WriteAsync(NpgsqlDataSource source, Former former, Func<bool> again)
    {
        // As fast as people write, not as fast as the machine can.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var rounds = 1L; ; rounds++)
        {
            await pace.WaitForNextTickAsync();
            foreach (var (text, _) in Texts)
            {
                await using var insert = source.CreateCommand(former.Insert);
                insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
                insert.Parameters.Add(new() { Value = text });
                await insert.ExecuteNonQueryAsync();
            }

            if (!again())
            {
                return rounds;
            }
        }
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        if (sql.Length > 0)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql, params string[] words)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var word in words)
        {
            command.Parameters.Add(new() { Value = word });
        }

        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A version of a service before its text search.</summary>
    /// <param name="Service">Its name.</param>
    /// <param name="LastMigration">The last one that it knew.</param>
    /// <param name="Setup">What its rows stand on.</param>
    /// <param name="Insert">How it wrote one: an id and a text, all else in columns of its own.</param>
    /// <param name="Found">How many rows the version after it finds by words.</param>
    /// <param name="FoundByItself">How many it finds itself by "noir".</param>
    private sealed record Former(string Service, string LastMigration, string Setup, string Insert, string Found, string FoundByItself);
}
