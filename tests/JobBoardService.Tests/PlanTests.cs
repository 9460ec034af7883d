using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>A board of 100,000 posts by 1,000 people, with 300,000 likes, and a reader who blocks 1,000, ten authors among them.</summary>
public sealed class LargeBoard : IAsyncLifetime
{
    public JobsHost Host { get; } = new();

    public TestUser Reader { get; } = TestUser.New();

    public async ValueTask InitializeAsync()
    {
        await Host.InitializeAsync();
        await Host.QueryAsync<object>(
            """
            INSERT INTO people (id, username, version) SELECT uuid(lpad(n::text, 32, '0')), 'person-' || n, 1 FROM generate_series(1, 1000) n;
            INSERT INTO job_posts (post_id, author, title, description, company, location, employment_type, workplace, tags, closes_at, created_at, updated_at)
            SELECT uuid(lpad(to_hex(n), 32, '0')), uuid(lpad((n % 1000 + 1)::text, 32, '0')),
                'Explain subject' || n % 5000, 'Somebody who can explain thing' || n % 777 || CASE WHEN n % 1000 = 0 THEN ' 我住在上海市' ELSE '' END, 'Company' || n % 300, 'City' || n % 400,
                (ARRAY['FullTime', 'PartTime', 'Contract', NULL])[n % 4 + 1], (ARRAY['OnSite', 'Remote', 'Hybrid'])[n % 3 + 1],
                ARRAY['tag' || n % 2000, 'common'], CASE WHEN n % 50 = 0 THEN now() - interval '1 day' END,
                now() - n * interval '1 minute', now()
            FROM generate_series(1, 100000) n;
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

public sealed class PlanTests(LargeBoard board) : IClassFixture<LargeBoard>
{
    private const string Tables = "FROM pg_stat_user_tables WHERE relname IN ('job_posts', 'job_post_counts', 'job_post_likes', 'job_post_images')";

    // A page takes some milliseconds; what would read the board from end to end, on a machine that is busy with other tests, much more.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    // A statement is prepared when it comes again, and planned for whatever parameters when it has been planned for five.
    private const int OftenEnough = 8;

    public static TheoryData<string> Queries =>
    [
        "",
        "sort=popular",
        "q=subject77",
        "q=subject77&sort=newest",
        "q=subject77&sort=popular",
        "q=%E4%B8%8A%E6%B5%B7",
        "author_id=00000000-0000-0000-0000-000000000077",
        "author_id=00000000-0000-0000-0000-000000000077&sort=popular",
        "employment_type=contract",
        "workplace=remote&sort=popular",
        "tag=tag77",
        "tag=common",
        "tag=common&sort=popular",
        "location=city77",
        "open=true",
        "open=false&sort=popular",
        "posted_after=2026-01-01T00:00:00Z",
        "employment_type=contract&workplace=hybrid&tag=common&open=true&q=explain+-thing5&sort=newest",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_page_of_known_posts_is_one_statement_or_two_whatever_the_filter_and_the_depth(string query)
    {
        string? cursor = null;
        for (var page = 0; page < 3; page++)
        {
            var path = $"/api/jobs?{query}&limit=20{(cursor is null ? "" : $"&cursor={cursor}")}";
            await board.Host.GetAsync(board.Reader, path);
            using var statements = new Statements();
            var started = Stopwatch.GetTimestamp();
            var answer = await statements.ReadAsync(board.Host.As(board.Reader), path);
            var elapsed = Stopwatch.GetElapsedTime(started);

            Assert.NotEmpty(answer["items"]!.AsArray());
            Assert.Equal(page > 0 && IsAsOfFirstPage(query) ? 2 : 1, statements.Count);
            Assert.True(page == 0 || elapsed < Budget, $"{query}: {elapsed.TotalMilliseconds} ms");
            cursor = (string?)answer["next_cursor"];
            if (cursor is null)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task No_page_reads_a_table_from_end_to_end()
    {
        await board.FlushStatisticsAsync();
        var whole = new List<string>();
        foreach (var query in Queries.Select(row => row.Data))
        {
            var (scans, used) = (await ScansAsync(), await CountAsync("idx_scan"));
            var first = await board.Host.GetAsync(board.Reader, $"/api/jobs?{query}&limit=20");
            for (var time = 0; time < OftenEnough; time++)
            {
                await board.Host.GetAsync(board.Reader, $"/api/jobs?{query}&limit=20");
                if ((string?)first["next_cursor"] is { } cursor)
                {
                    await board.Host.GetAsync(board.Reader, $"/api/jobs?{query}&limit=20&cursor={cursor}");
                }
            }

            await board.FlushStatisticsAsync();
            Assert.True(await CountAsync("idx_scan") > used, "The statistics have not come.");
            if (await ScansAsync() is var later && later != scans)
            {
                whole.Add($"{query}: {scans}, then {later}");
            }
        }

        Assert.Empty(whole);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sort=popular")]
    public async Task A_page_reads_what_it_shows_and_not_all_that_its_reader_likes(string query)
    {
        await board.FlushStatisticsAsync();
        var before = await RowsReadAsync();
        for (var time = 0; time < OftenEnough; time++)
        {
            await board.Host.GetAsync(board.Reader, $"/api/jobs?{query}&limit=20");
        }

        await board.FlushStatisticsAsync();

        // Posts, counts and likes of 21 and of those that are blocked; the reader likes 2,000.
        Assert.InRange(await RowsReadAsync() - before, OftenEnough * 20, OftenEnough * 200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sort=popular")]
    public async Task Posts_that_have_changed_are_one_statement_more_and_the_text_index_is_never_read(string query)
    {
        await board.Host.QueryAsync<object>("UPDATE people SET version = version + 1");
        using var statements = new Statements();

        await statements.ReadAsync(board.Host.As(board.Reader), $"/api/jobs?{query}&limit=20");

        Assert.Equal(2, statements.Count);
        Assert.Single(statements.Texts, text => text.Contains("title", StringComparison.Ordinal));
        Assert.DoesNotContain(statements.Texts, text => text.Contains(".search", StringComparison.Ordinal) || text.Contains(".words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Popular_pages_stay_cheap_while_thousands_of_likes_come()
    {
        var path = "/api/jobs?sort=popular&limit=20";
        var first = await board.Host.GetAsync(board.Reader, path);
        await board.Host.QueryAsync<object>(
            """
            WITH liked AS (
                UPDATE job_post_counts SET like_count = like_count + 1, like_version = like_version + 1
                WHERE post_id IN (SELECT post_id FROM job_post_counts ORDER BY like_count DESC, post_id DESC LIMIT 5000)
                RETURNING post_id, like_count, like_version)
            INSERT INTO job_post_like_count_changes SELECT post_id, like_version, like_count - 1, pg_current_xact_id(), now() FROM liked
            """);

        var started = Stopwatch.GetTimestamp();
        var second = await board.Host.GetAsync(board.Reader, $"{path}&cursor={(string?)first["next_cursor"]}");
        var elapsed = Stopwatch.GetElapsedTime(started);

        Assert.Equal(20, second["items"]!.AsArray().Count);
        Assert.Empty(second["items"]!.AsArray().Select(job => (Guid)job!["id"]!).Intersect(first["items"]!.AsArray().Select(job => (Guid)job!["id"]!)));
        Assert.True(elapsed < Budget, $"{elapsed.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task To_like_to_comment_and_to_post_is_one_statement_each_whatever_the_board()
    {
        // The first of them makes the row of a person whom no event has brought yet.
        await WriteAsync(HttpMethod.Put, "/api/jobs/00000000-0000-0000-0000-000000000076/like");

        Assert.Equal(1, await WriteAsync(HttpMethod.Put, "/api/jobs/00000000-0000-0000-0000-000000000077/like"));
        Assert.Equal(1, await WriteAsync(HttpMethod.Post, "/api/jobs/00000000-0000-0000-0000-000000000077/comments", new { content = "How?" }));
        Assert.Equal(1, await WriteAsync(HttpMethod.Post, "/api/jobs", new { title = "Explain", description = "A loom." }));
    }

    private async Task<int> WriteAsync(HttpMethod method, string path, object? body = null)
    {
        using var statements = new Statements();
        using var request = statements.Request(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await board.Host.As(board.Reader).SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        return statements.Count;
    }

    private static bool IsAsOfFirstPage(string query) =>
        query.Contains("popular", StringComparison.Ordinal) || (query.Contains("q=", StringComparison.Ordinal) && !query.Contains("sort=", StringComparison.Ordinal));

    private Task<long> RowsReadAsync() => board.Host.QueryAsync<long>(
        $"SELECT (sum(seq_tup_read) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname LIKE 'job_post%'))::bigint {Tables}");

    private Task<string?> ScansAsync() => board.Host.QueryAsync<string>($"SELECT string_agg(relname || ' ' || seq_scan, ', ' ORDER BY relname) {Tables}");

    private Task<long> CountAsync(string kind) => board.Host.QueryAsync<long>($"SELECT sum({kind})::bigint {Tables}");

    /// <summary>The statements that Npgsql sends for one request, told from all others by the request's trace.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
        private readonly ActivityListener _listener;
        private readonly ConcurrentQueue<string> _texts = new();

        public Statements()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    // Opening a connection is a span as well.
                    if (activity.Source.Name == "Npgsql" && activity.TraceId == _trace && TextOf(activity) is { } text)
                    {
                        _texts.Enqueue(text);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public int Count => _texts.Count;

        public IReadOnlyCollection<string> Texts => _texts;

        public HttpRequestMessage Request(HttpMethod method, string path)
        {
            var request = new HttpRequestMessage(method, path);
            request.Headers.Add("traceparent", $"00-{_trace}-{ActivitySpanId.CreateRandom()}-01");
            return request;
        }

        public async Task<JsonObject> ReadAsync(HttpClient client, string path)
        {
            using var request = Request(HttpMethod.Get, path);
            using var response = await client.SendAsync(request);
            return await response.ReadObjectAsync();
        }

        public void Dispose() => _listener.Dispose();

        private static string? TextOf(Activity activity) => activity.GetTagItem("db.query.text") as string ?? activity.GetTagItem("db.statement") as string;
    }
}
