using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>What a search reads among 100,000 users: the database counts the scans of the service's own statements.</summary>
public sealed class ScaleTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    // A statement is prepared when it comes again, and planned for whatever parameters when it has been planned for five.
    private const int OftenEnough = 8;

    [Fact]
    public async Task No_search_reads_all_users()
    {
        var (_, client) = await host.SomebodyAsync();
        await QueryAsync(
            """
            INSERT INTO users (id, email, normalized_email, username, normalized_username, password, password_stamp, first_name, last_name, email_verified,
                is_admin, version, created_at, updated_at)
            SELECT gen_random_uuid(), 'scaled' || n || '@example.org', 'scaled' || n || '@example.org', 'scaled.' || n, 'scaled.' || n, '', gen_random_uuid(),
                'First' || n % 1000, 'Last' || n % 5000, false, false, 1, now(), now()
            FROM generate_series(1, 100000) AS n
            """);
        await QueryAsync("VACUUM ANALYZE users");
        var (scans, used) = (await QueryAsync(Counting("seq_scan")), await QueryAsync(Counting("idx_scan")));

        string[] queries = ["q=first17", "q=first17+last1017", "q=scaled.4242", "q=scaled", "q=nobody", "username=scaled.77&q=scaled"];
        foreach (var query in queries.SelectMany(query => Enumerable.Repeat(query, OftenEnough)))
        {
            var first = await client.GetObjectAsync($"/api/users?limit=5&{query}");
            if ((string?)first["next_cursor"] is { } cursor)
            {
                await client.GetObjectAsync($"/api/users?limit=5&cursor={cursor}&{query}");
            }
        }

        await Eventually.TrueAsync(async () => await QueryAsync(Counting("idx_scan")) >= used + queries.Length);
        Assert.Equal(scans, await QueryAsync(Counting("seq_scan")));
    }

    private static string Counting(string kind) => $"SELECT {kind} FROM pg_stat_user_tables WHERE relname = 'users'";

    private async Task<long> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(host.Environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}
