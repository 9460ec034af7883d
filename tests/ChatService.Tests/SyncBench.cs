using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ChatService.Tests;

/// <summary>Prints what coming back costs somebody with 100 conversations of which 5 changed, and with ten times the messages. Explicit, as <see cref="Bench"/>.</summary>
public sealed class SyncBench(ITestOutputHelper output)
{
    private const int Conversations = 100;

    [Fact(Explicit = true)]
    public async Task Bytes_and_time_of_a_sync_and_their_growth_with_what_was_said()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Chat);
        await using var service = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        var ada = TestUser.New("ada") with { Id = TalkativePeople.Numbered(1) };
        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", environment.Issuer.Issue(ada));
        await Eventually.TrueAsync(async () => (await service.Client.GetAsync("/api/unread")).IsSuccessStatusCode);
        var database = environment.Database.SuperuserConnectionString;

        await FillAsync(database, 1, 200);
        var few = await MeasureAsync(service.Client);
        await FillAsync(database, 201, 2_000);
        var many = await MeasureAsync(service.Client);

        output.WriteLine($"100 conversations, 5 changed: {few.Bytes} bytes, {few.Compressed} compressed; p50 {few.Median:0.0} ms of 20,000 messages, {many.Median:0.0} ms of 200,000: {many.Median / few.Median:0.00} x");
        Assert.InRange(few.Compressed, 1, 8 * 1024);
    }

    /// <summary>Half chats, half groups of 20.</summary>
    private static async Task FillAsync(string connectionString, int from, int to)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            CREATE FUNCTION pg_temp.numbered(bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT uuid(lpad(to_hex($1), 32, '0')) $$;
            INSERT INTO people (id, username, version) SELECT pg_temp.numbered(n), 'person-' || n, 1 FROM generate_series(1, 100) n ON CONFLICT DO NOTHING;
            INSERT INTO chats (chat_id, user_low, user_high, created_at, last_seq, last_change, last_activity_at)
            SELECT pg_temp.numbered(1000 + n), pg_temp.numbered(1), pg_temp.numbered(n + 1), now(), {to}, 0, now() - n * interval '1 second' FROM generate_series(1, {Conversations / 2}) n
            ON CONFLICT (chat_id) DO UPDATE SET last_seq = excluded.last_seq;
            INSERT INTO chat_members (chat_id, user_id, joined_seq, read_seq, own_after_read)
            SELECT chat_id, member, 0, 100, 0 FROM chats, unnest(ARRAY[user_low, user_high]) member ON CONFLICT DO NOTHING;
            INSERT INTO group_chats (group_id, group_name, owner_id, created_at, participant_count, revision, last_seq, last_change, last_activity_at)
            SELECT pg_temp.numbered(2000 + n), 'Group ' || n, pg_temp.numbered(1), now(), 20, 1, {to}, 0, now() - n * interval '1 second' FROM generate_series(1, {Conversations / 2}) n
            ON CONFLICT (group_id) DO UPDATE SET last_seq = excluded.last_seq;
            INSERT INTO group_chat_participants (id, group_id, user_id, role, joined_at, joined_seq, read_seq, own_after_read)
            SELECT gen_random_uuid(), group_id, pg_temp.numbered(at), CASE WHEN at = 1 THEN 'owner' ELSE 'member' END, now(), 0, 100, 0 FROM group_chats, generate_series(1, 20) at
            ON CONFLICT DO NOTHING;
            INSERT INTO messages (id, chat_id, seq, sender_id, content, created_at)
            SELECT gen_random_uuid(), chat_id, seq, user_high, 'what was said, ' || seq || ' ' || md5(seq::text), now() FROM chats, generate_series({from}, {to}) seq;
            INSERT INTO group_messages (id, group_id, seq, sender_id, content, created_at)
            SELECT gen_random_uuid(), group_id, seq, owner_id, 'what was said, ' || seq || ' ' || md5(seq::text), now() FROM group_chats, generate_series({from}, {to}) seq;
            """,
            connection);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE", connection);
        analyze.CommandTimeout = 300;
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<(int Bytes, long Compressed, double Median)> MeasureAsync(HttpClient client)
    {
        using var all = await client.PostAsJsonAsync("/api/sync", new { known = Array.Empty<object>() });
        var shown = (await all.ReadObjectAsync())["conversations"]!.AsArray();
        var known = shown.Select((conversation, index) => new
        {
            chat_id = conversation!["peer"] is null ? (Guid?)null : (Guid)conversation["id"]!,
            group_id = conversation["peer"] is null ? (Guid)conversation["id"]! : (Guid?)null,
            seq = (long)conversation["last_seq"]! - (index % 20 == 0 ? 3 : 0),
            change = 0,
            revision = (string?)conversation["revision"],
        }).ToList();
        Assert.Equal(Conversations, known.Count);
        var times = new List<double>();
        byte[] body = [];
        for (var number = 0; number < 400; number++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await client.PostAsJsonAsync("/api/sync", new { known });
            body = await answer.Content.ReadAsByteArrayAsync();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        using var compressed = new MemoryStream();
        await using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await brotli.WriteAsync(body);
        }

        return (body.Length, compressed.Length, times.Skip(100).Order().ElementAt(150));
    }
}
