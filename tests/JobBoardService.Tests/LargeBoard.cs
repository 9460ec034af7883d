using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>A board of 100,000 posts by 1,000 people (300,000 in ./dev trust), with three likes for each post, and a reader who blocks 1,000, ten authors among them.</summary>
public sealed class LargeBoard : IAsyncLifetime
{
    private static readonly int Posts = Scale.Of(test: 100_000, shortRun: 300_000, longRun: 300_000);

    public JobsHost Host { get; } = new();

    public TestUser Reader { get; } = TestUser.New();

    public async ValueTask InitializeAsync()
    {
        await Host.InitializeAsync();
        await Host.QueryAsync<object>(
            $"""
            INSERT INTO people (id, username, version) SELECT uuid(lpad(n::text, 32, '0')), 'person-' || n, 1 FROM generate_series(1, 1000) n;
            INSERT INTO job_posts (post_id, author, title, description, company, location, employment_type, workplace, tags, closes_at, created_at, updated_at)
            SELECT uuid(lpad(to_hex(n), 32, '0')), uuid(lpad((n % 1000 + 1)::text, 32, '0')),
                'Explain subject' || n % 5000, 'Somebody who can explain thing' || n % 777 || CASE WHEN n % 1000 = 0 THEN ' 我住在上海市' ELSE '' END, 'Company' || n % 300, 'City' || n % 400,
                (ARRAY['FullTime', 'PartTime', 'Contract', NULL])[n % 4 + 1], (ARRAY['OnSite', 'Remote', 'Hybrid'])[n % 3 + 1],
                ARRAY['tag' || n % 2000, 'common'], CASE WHEN n % 50 = 0 THEN now() - interval '1 day' END,
                now() - n * interval '1 minute', now()
            FROM generate_series(1, {Posts}) n;
            ANALYZE job_posts;
            INSERT INTO job_post_likes (id, post_id, user_id, created_at)
            SELECT gen_random_uuid(), post_id, uuid(lpad(fan::text, 32, '0')), now()
            FROM (SELECT post_id, row_number() OVER () AS n FROM job_posts) posts,
                generate_series(1, CASE WHEN n % 1000 = 0 THEN 1000 ELSE n % 5 END) fan;
            ANALYZE job_post_likes;
            INSERT INTO job_post_counts (post_id, like_count, comment_count, like_version)
            SELECT post_id, count(liked.id), 0, 0 FROM job_posts LEFT JOIN job_post_likes liked USING (post_id) GROUP BY post_id;
            INSERT INTO job_post_images (id, post_id, position, url, created_at)
            SELECT gen_random_uuid(), post_id, 0, 'https://example.org/1.png', now() FROM job_posts;
            SELECT pg_stat_force_next_flush(); -- what this scanned is reported at once, and not while the pages are counted
            """);
        await Host.QueryAsync<object>(
            $"""
            INSERT INTO blocks (blocker_id, blocked_id, is_active, version)
            SELECT '{Reader.Id}', uuid(lpad((n + 990)::text, 32, '0')), true, n FROM generate_series(1, 1000) n;
            INSERT INTO blocks (blocker_id, blocked_id, is_active, version) SELECT gen_random_uuid(), gen_random_uuid(), true, n FROM generate_series(1, 50000) n;
            INSERT INTO people (id, username, version) VALUES ('{Reader.Id}', 'reader', 0);
            INSERT INTO job_post_likes (id, post_id, user_id, created_at) SELECT gen_random_uuid(), post_id, '{Reader.Id}', now() FROM job_posts ORDER BY post_id LIMIT 2000;
            """);
        await Host.QueryAsync<object>("VACUUM ANALYZE");
    }

    /// <summary>Ends the service's connections, so that what they read is counted, and lets it have new ones.</summary>
    public async Task FlushStatisticsAsync()
    {
        await Host.Environment.Database.FlushStatisticsAsync();
        using var reader = Host.As(Reader);
        await Eventually.TrueAsync(async () => (await reader.GetAsync("/api/jobs?limit=1")).IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
