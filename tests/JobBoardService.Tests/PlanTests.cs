using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>What is read is found by an index, and what is written is few statements, however large the board is.</summary>
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
            using var statements = new TracedStatements();
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

    [Fact]
    public async Task A_page_that_only_its_place_decides_is_planned_once_for_a_connection()
    {
        var first = await board.Host.GetAsync(board.Reader, "/api/jobs?limit=20");
        var liked = $"/api/jobs/{Guid.Parse(1000.ToString("x32", CultureInfo.InvariantCulture))}";

        Assert.Empty(await board.Host.ReplannedStatementsAsync(
            board.Host.As(board.Reader), "/api/jobs", $"/api/jobs?cursor={first["next_cursor"]}&limit=20", "/api/jobs?sort=popular", $"{liked}/comments", $"{liked}/likes"));
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
        using var statements = new TracedStatements();

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
        using var statements = new TracedStatements();
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
}
