using System.Globalization;
using System.Net;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ProfileService.Tests;

/// <summary>What a search reads at 100,000 profiles, of somebody who blocks 1,000 people while others block 50,000: the database counts the scans of the service's own statements.</summary>
public sealed class ScaleTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    private static readonly string[] BigTables = ["people", "profiles", "search_documents", "user_skills", "user_specializations", "blocks"];

    // A statement is prepared when it comes again, and planned for whatever parameters when it has been planned for five.
    private const int OftenEnough = 8;

    [Fact]
    public async Task No_search_reads_a_whole_table()
    {
        await host.ScalarAsync<object>(
            """
            SET session_replication_role = replica; -- the rows that triggers would make are made below, all at once
            INSERT INTO people (id, username, first_name, last_name, created_at, version)
            SELECT gen_random_uuid(), 'user' || n, 'First' || n % 1000, 'Last' || n % 5000, now(), 1 FROM generate_series(1, 100000) AS n;
            INSERT INTO profiles (user_id, headline, current_company, location, updated_at)
            SELECT id, 'Engineer of things', 'Company ' || abs(hashtext(username)) % 2000, 'City' || abs(hashtext(username)) % 500, now() FROM people;
            ANALYZE people, profiles; -- else the planner takes them for empty, and may look for each row in all of the other
            INSERT INTO user_skills (id, user_id, position, name)
            SELECT gen_random_uuid(), id, n, 'Skill ' || (abs(hashtext(username)) + n * 7) % 3000 FROM people, generate_series(0, 2) AS n;
            INSERT INTO user_specializations (id, user_id, specialization_id, added_at)
            SELECT gen_random_uuid(), p.id, s.id, now() FROM people p JOIN specializations s ON abs(hashtext(p.username || s.name)) % 40 = 0;
            INSERT INTO search_documents (user_id, words, company, location)
            SELECT p.id, setweight(text_vector(concat_ws(' ', p.username, p.first_name, p.last_name), false), 'A')
                || setweight(text_vector(concat_ws(' ', f.headline, f.current_company, f.location), false), 'B'),
                text_vector(f.current_company, false), text_vector(f.location, false)
            FROM people p JOIN profiles f ON f.user_id = p.id;
            SELECT pg_stat_force_next_flush(); -- what this scanned is reported at once, and not while the searches are counted
            """);
        var reader = TestUser.New();
        await host.ScalarAsync<object>(
            $"""
            INSERT INTO blocks (blocker_id, blocked_id, is_active, version)
            SELECT '{reader.Id}', id, true, 1 FROM people WHERE username LIKE 'user__' OR username LIKE 'user___' OR username = 'user1017';
            INSERT INTO blocks (blocker_id, blocked_id, is_active, version) SELECT gen_random_uuid(), gen_random_uuid(), true, n FROM generate_series(1, 50000) AS n;
            """);
        await host.ScalarAsync<object>("VACUUM ANALYZE");
        Assert.InRange(await host.ScalarAsync<long>($"SELECT count(*) FROM blocks WHERE blocker_id = '{reader.Id}'"), 900, 1_100);
        await host.ScalarAsync<object>("SELECT pg_stat_force_next_flush()"); // who is blocked was looked for in all people
        var before = await CountScansAsync("seq_scan");
        var searches = await CountScansAsync("idx_scan");

        string[] queries =
        [
            "", "q=first17", "q=first17+last1017", "company=company+77", "location=city33&q=engineer", "skill=skill+5", "skill=SKILL+5&location=city7",
            "specialization_id=019b76da-a800-7000-8000-000000000001&q=first5", "q=user4242",
        ];
        var client = host.As(reader);
        foreach (var query in queries.SelectMany(query => Enumerable.Repeat(query, OftenEnough)))
        {
            var first = await client.GetObjectAsync($"/api/profiles?limit=5&{query}");
            if ((string?)first["next_cursor"] is { } cursor)
            {
                using var next = await client.GetAsync($"/api/profiles?limit=5&cursor={cursor}&{query}");
                Assert.Equal(HttpStatusCode.OK, next.StatusCode);
            }
        }

        await Eventually.TrueAsync(async () => await CountScansAsync("idx_scan") >= searches + queries.Length);
        Assert.Equal(before, await CountScansAsync("seq_scan"));
    }

    private async Task<long> CountScansAsync(string kind)
    {
        await using var connection = new NpgsqlConnection(host.Environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT sum({kind}) FROM pg_stat_user_tables WHERE relname = ANY ($1)";
        command.Parameters.Add(new NpgsqlParameter { Value = BigTables });
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
