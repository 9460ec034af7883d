using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ChatService.Tests;

/// <summary>
/// 2,000 people; everybody talks with everybody whose number is up to six higher, 8 messages each, but the first pair has said 20,000 things; one group of
/// 200 with 20,000 messages, and 1,800 small ones. The first blocks 1,000 of them, and others 50,000.
/// </summary>
public sealed class TalkativePeople : IAsyncLifetime
{
    public ServiceHost<Program> Host { get; } = new(Service.Chat);

    public TestUser First { get; } = TestUser.New() with { Id = Numbered(1) };

    public static Guid Numbered(int number) => Guid.Parse(number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));

    public async ValueTask InitializeAsync()
    {
        await Host.InitializeAsync();
        await ExecuteAsync(
            """
            CREATE FUNCTION pg_temp.numbered(bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT uuid(lpad(to_hex($1), 32, '0')) $$;
            INSERT INTO people (id, username, version) SELECT pg_temp.numbered(n), 'person-' || n, 1 FROM generate_series(1, 2000) n;
            INSERT INTO chats (chat_id, user_low, user_high, created_at, last_seq, last_change, last_activity_at)
            SELECT pg_temp.numbered(n * 10 + step), pg_temp.numbered(n), pg_temp.numbered(n + step), now(),
                CASE WHEN n = 1 AND step = 1 THEN 20000 ELSE 8 END, 0, now() - (n * 10 + step) * interval '1 second'
            FROM generate_series(1, 1994) n, generate_series(1, 6) step;
            INSERT INTO chat_members (chat_id, user_id, joined_seq, read_seq, own_after_read)
            SELECT chat_id, member, 0, 0, 0 FROM chats, unnest(ARRAY[user_low, user_high]) member;
            INSERT INTO messages (id, chat_id, seq, sender_id, content, created_at)
            SELECT gen_random_uuid(), chat_id, seq, user_low, 'word' || seq || ' common', last_activity_at - (last_seq - seq) * interval '1 second'
            FROM chats, generate_series(1, last_seq) seq;

            INSERT INTO group_chats (group_id, group_name, owner_id, created_at, participant_count, revision, last_seq, last_change, last_activity_at)
            SELECT pg_temp.numbered(n), 'Group ' || n, pg_temp.numbered(n), now(), CASE WHEN n = 1 THEN 200 ELSE 3 END, 1,
                CASE WHEN n = 1 THEN 20000 ELSE 5 END, 0, now() - n * interval '1 second'
            FROM generate_series(1, 1801) n;
            INSERT INTO group_chat_participants (id, group_id, user_id, role, joined_at, joined_seq, read_seq, own_after_read)
            SELECT gen_random_uuid(), group_id, pg_temp.numbered(n + at - 1), CASE WHEN at = 1 THEN 'owner' ELSE 'member' END, now(), 0, 0, 0
            FROM generate_series(1, 1801) n JOIN group_chats ON group_id = pg_temp.numbered(n), generate_series(1, participant_count) at;
            INSERT INTO group_messages (id, group_id, seq, sender_id, content, created_at)
            SELECT gen_random_uuid(), group_id, seq, owner_id, 'word' || seq || ' common', last_activity_at - (last_seq - seq) * interval '1 second'
            FROM group_chats, generate_series(1, last_seq) seq;

            INSERT INTO blocks (blocker_id, blocked_id, is_active, version) SELECT pg_temp.numbered(1), pg_temp.numbered(n), true, n FROM generate_series(1001, 2000) n;
            INSERT INTO blocks (blocker_id, blocked_id, is_active, version) SELECT gen_random_uuid(), gen_random_uuid(), true, n FROM generate_series(1, 50000) n;
            SELECT pg_stat_force_next_flush(); -- what this scanned is reported at once, and not while the pages are counted
            """);
        await ExecuteAsync("VACUUM ANALYZE");
    }

    public async Task<long> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Host.Environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>What is read is found by an index, however much others have said.</summary>
public sealed class PlanTests(TalkativePeople people) : IClassFixture<TalkativePeople>
{
    private static readonly Guid LongChat = TalkativePeople.Numbered(11);
    private static readonly Guid LargeGroup = TalkativePeople.Numbered(1);

    public static TheoryData<string> Reads =>
    [
        "/api/chats?limit=20",
        $"/api/chats/{LongChat}",
        $"/api/chats/{LongChat}/messages?limit=20",
        $"/api/chats/{LongChat}/messages?limit=20&after={Guid.Empty}",
        "/api/groups?limit=20",
        "/api/groups?participants=none",
        $"/api/chats/{LongChat}/messages?limit=20&changed_after=0",
        "/api/unread",
        $"/api/groups/{LargeGroup}",
        $"/api/groups/{LargeGroup}/messages?limit=20",
        "/api/messages/search?q=word777&limit=20",
        "/api/messages/search?q=common&limit=20",
        "/api/messages/search?q=nowhere&limit=20",
        "/api/messages/search?q=%22word777+common%22+-word778&limit=20",
    ];

    // A statement is prepared when it comes again on a connection, of which the pool gives one after the other.
    private const int OftenEnough = 8;

    [Fact]
    public async Task No_read_goes_through_a_table_from_end_to_end()
    {
        var whole = new List<string>();
        foreach (var path in Reads.Select(row => row.Data))
        {
            await people.Host.Environment.Database.FlushStatisticsAsync();
            var (scans, used) = (await CountAsync("seq_scan"), await CountAsync("idx_scan"));
            for (var time = 0; time < OftenEnough; time++)
            {
                await ReadAsync(path);
            }

            await people.Host.Environment.Database.FlushStatisticsAsync();
            Assert.True(await CountAsync("idx_scan") > used, "The statistics have not come.");
            if (await CountAsync("seq_scan") != scans)
            {
                whole.Add(path);
            }
        }

        Assert.Empty(whole);
    }

    // What is searched for decides how, and so does how many groups there are people to be found of.
    [Fact]
    public async Task A_read_that_only_its_place_decides_is_planned_once_for_a_connection_and_goes_through_no_table_from_end_to_end()
    {
        await people.Host.Environment.Database.FlushStatisticsAsync();
        var scans = await CountAsync("seq_scan");
        await ReadAsync("/api/unread");

        Assert.Empty(await people.Host.ReplannedStatementsAsync(
            people.Host.As(people.First),
            ["/api/notifications", .. Reads.Select(row => row.Data).Where(path => !path.Contains("/search", StringComparison.Ordinal) && path != "/api/groups?limit=20")]));
        await people.Host.Environment.Database.FlushStatisticsAsync();
        Assert.Equal(scans, await CountAsync("seq_scan"));
    }

    [Fact]
    public async Task Who_blocks_whom_is_asked_of_an_index_by_whatever_is_written()
    {
        using var client = people.Host.As(people.First);
        await people.Host.Environment.Database.FlushStatisticsAsync();
        var (scans, used) = (await CountBlocksAsync("seq_scan"), await CountBlocksAsync("idx_scan"));
        for (var time = 0; time < OftenEnough; time++)
        {
            await AllowedAsync(client, $"/api/chats/{LongChat}/messages", new { content = "Not blocked" });
            await AllowedAsync(client, "/api/chats", new { user_id = TalkativePeople.Numbered(900 + time) });
            await RefusedAsync(client, "/api/chats", new { user_id = TalkativePeople.Numbered(1900 + time) });
            await RefusedAsync(client, "/api/groups", new { name = "Blocked", user_ids = new[] { TalkativePeople.Numbered(1900 + time) } });
        }

        await people.Host.Environment.Database.FlushStatisticsAsync();

        Assert.True(await CountBlocksAsync("idx_scan") > used, "The statistics have not come.");
        Assert.Equal(scans, await CountBlocksAsync("seq_scan"));
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_read_is_one_statement_and_a_list_of_groups_two(string path)
    {
        await ReadAsync(path);
        using var statements = new TracedStatements();
        using var request = statements.Request(HttpMethod.Get, path);

        using var client = people.Host.As(people.First);
        using var response = await client.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(path.StartsWith("/api/groups?limit", StringComparison.Ordinal) ? 2 : 1, statements.Count);
    }

    private static Task AllowedAsync(HttpClient client, string path, object body) =>
        Eventually.TrueAsync(async () => (await client.PostAsJsonAsync(path, body)).IsSuccessStatusCode);

    private static async Task RefusedAsync(HttpClient client, string path, object body)
    {
        using var refused = await client.PostAsJsonAsync(path, body);
        await refused.IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
    }

    private Task<long> CountBlocksAsync(string kind) => people.ExecuteAsync($"SELECT {kind} FROM pg_stat_user_tables WHERE relname = 'blocks'");

    private async Task ReadAsync(string path)
    {
        using var client = people.Host.As(people.First);

        // The first request meets the connections that were just ended.
        await Eventually.TrueAsync(async () => (await client.GetAsync(path)).IsSuccessStatusCode);
    }

    private Task<long> CountAsync(string kind) => people.ExecuteAsync(
        $"SELECT sum({kind})::bigint FROM pg_stat_user_tables WHERE relname IN ('chats', 'chat_members', 'messages', 'group_chats', 'group_chat_participants', 'group_messages')");
}
