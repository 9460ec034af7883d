using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class SearchTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    [Theory]
    [InlineData("kubernetes", "title tag company description")]
    [InlineData("KUBERNETES", "title tag company description")]
    [InlineData("\"explain kubernetes\"", "title")]
    [InlineData("kubernetes -gardener", "title tag company")]
    [InlineData("gardeners kubernetes", "description")]
    [InlineData("zurich", "title")]
    [InlineData("zürich", "title")]
    [InlineData("IT", "tag")]
    [InlineData("company or zurich", "company title")]
    [InlineData("nowhere", "")]
    [InlineData("!!! ???", "")]
    [InlineData("'; DROP TABLE job_posts; --", "")]
    public async Task Words_are_found_in_title_tags_company_and_description_in_this_order(string words, string expected)
    {
        await host.PostAsync(_author, new { description = "We need a gardener who knows Kubernetes", location = "description" }, "Green");
        await host.PostAsync(_author, new { company = "Kubernetes Company", location = "company" }, "Blue");
        await host.PostAsync(_author, new { tags = new[] { "kubernetes", "it" }, location = "tag" }, "Red");
        await host.PostAsync(_author, new { location = "title" }, "Explain Kubernetes in Zürich");

        var found = await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}&q={Uri.EscapeDataString(words)}");

        var locations = found.Select(job => (string)job["location"]!);
        if (words.Contains(" or ", StringComparison.Ordinal))
        {
            Assert.Equal(expected.Split(' ').Order(), locations.Order());
        }
        else
        {
            Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), locations);
        }
    }

    [Theory]
    [MemberData(nameof(SearchVariants.Found), MemberType = typeof(SearchVariants))]
    public async Task A_text_is_found_by(string text, string words) => Assert.Single(await FindAsync(text, words));

    [Theory]
    [InlineData("Only C#", "C")]
    [InlineData("Only C++", "C")]
    [MemberData(nameof(SearchVariants.Apart), MemberType = typeof(SearchVariants))]
    public async Task A_text_is_not_found_by(string text, string words) => Assert.Empty(await FindAsync(text, words));

    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("İzmir", "i\u0307zmir")]
    [InlineData("ΝΊΚΟΣ", "νίκος")]
    [InlineData("Ame\u0301lie", "AM\u00c9LIE")]
    [InlineData("ＵＸ", "ux")]
    [InlineData("deep \u00a0 learning", "Deep learning")]
    public async Task A_tag_is_one_in_whatever_case_composition_width_and_blanks(string tag, string other)
    {
        var job = await host.PostAsync(_author, new { tags = new[] { tag, other } });

        Assert.Single(job["tags"]!.AsArray());
        foreach (var either in new[] { tag, other })
        {
            Assert.Single(await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}&tag={Uri.EscapeDataString(either)}"));
        }
    }

    [Theory]
    [InlineData("Zürich, Altstadt", "zurich")]
    [InlineData("Zurich", "ZÜR")]
    [InlineData("ΑΘΉΝΑ", "θήνα")]
    [InlineData("上海市", "海")]
    [InlineData("New \u00a0 York", "new york")]
    public async Task A_location_is_found_by_a_part_whatever_the_case_and_the_accents(string location, string part)
    {
        await host.PostAsync(_author, new { location });

        Assert.Single(await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}&location={Uri.EscapeDataString(part)}"));
    }

    [Fact]
    public async Task Filters_combine_with_each_other_and_with_words()
    {
        var wanted = await host.PostAsync(
            _author, new { employment_type = "full_time", workplace = "hybrid", tags = new[] { "Math", "logic" }, location = "100% Nord_see" }, "Teach engines");
        await host.PostAsync(_author, new { employment_type = "part_time", workplace = "hybrid", tags = new[] { "math" } }, "Teach engines");
        await host.PostAsync(_author, new { employment_type = "full_time", workplace = "remote", location = "1000 Nordisee" }, "Teach engines");
        await host.PostAsync(TestUser.New(), new { employment_type = "full_time", workplace = "hybrid", tags = new[] { "math" } }, "Teach engines");
        var before = Uri.EscapeDataString(((DateTimeOffset)wanted["created_at"]!).AddMilliseconds(-1).ToString("O"));
        var after = Uri.EscapeDataString(((DateTimeOffset)wanted["created_at"]!).ToString("O"));

        foreach (var (query, count) in new[]
        {
            ("", 3), ("&employment_type=full_time", 2), ("&workplace=hybrid", 2), ("&tag=MATH", 2), ("&tag=logi", 0), ("&location=nord", 2),
            ("&location=100%25", 1), ("&location=d_s", 1), ($"&posted_after={before}", 3), ($"&posted_after={after}", 2), ("&open=true", 3), ("&open=false", 0),
            ("&employment_type=full_time&workplace=hybrid&tag=math&location=NORD&q=engine&open=true&sort=popular", 1),
            ("&employment_type=full_time&workplace=hybrid&tag=math&location=NORD&q=engine&open=true&sort=newest", 1),
        })
        {
            Assert.Equal((query, count), (query, (await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}{query}")).Count));
        }
    }

    [Fact]
    public async Task Popular_ones_come_first_when_asked_for_and_new_ones_otherwise()
    {
        var jobs = new List<JsonObject>();
        for (var number = 0; number < 4; number++)
        {
            jobs.Add(await host.PostAsync(_author));
        }

        await host.LikeAsync(TestUser.New(), jobs[2].Id());
        await host.LikeAsync(TestUser.New(), jobs[2].Id());
        await host.LikeAsync(TestUser.New(), jobs[1].Id());

        var newest = await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}", limit: 3);
        var popular = await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}&sort=popular", limit: 3);

        Assert.Equal([jobs[3].Id(), jobs[2].Id(), jobs[1].Id(), jobs[0].Id()], newest.Select(job => job.Id()));
        Assert.Equal([jobs[2].Id(), jobs[1].Id(), jobs[3].Id(), jobs[0].Id()], popular.Select(job => job.Id()));
        Assert.Equal([2, 1, 0, 0], popular.Select(job => (int)job["like_count"]!));
    }

    [Fact]
    public async Task Posts_from_before_are_found_when_the_migration_has_run_and_new_ones_meanwhile()
    {
        await host.PostAsync(_author, new { tags = new[] { "zymurgy" }, location = "Zymurg" }, "Zymurgy");
        await host.QueryAsync<object>(
            $"""
            INSERT INTO job_posts (post_id, author, title, description, tags, created_at, updated_at)
            SELECT gen_random_uuid(), '{_author.Id}', 'Zymurgy', 'For brewers', '{"{zymurgy}"}', now(), now() FROM generate_series(1, 2500);
            INSERT INTO job_post_counts (post_id, like_count, comment_count, like_version)
            SELECT post_id, 0, 0, 0 FROM job_posts WHERE description = 'For brewers';
            """);
        await host.Environment.UndoAsync("FillTextSearch", "UPDATE job_posts SET words = NULL, tag_keys = NULL, location_key = NULL");
        await host.PostAsync(_author, new { tags = new[] { "zymurgy" } }, "Zymurgy");
        Assert.Single(await host.ReadAllAsync(_author, "/api/jobs?q=zymurgy"));

        await host.Environment.MigrateAsync();

        Assert.Equal(2502, (await host.ReadAllAsync(_author, "/api/jobs?q=zymurgy&sort=newest")).Count);
        Assert.Equal(2502, (await host.ReadAllAsync(_author, "/api/jobs?tag=zymurgy")).Count);
        Assert.Single(await host.ReadAllAsync(_author, "/api/jobs?location=zymurg"));
        Assert.Equal(0L, await host.QueryAsync<long>("SELECT count(*) FROM job_post_search_changes"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=AAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("q=a%00b", "q")]
    [InlineData("tag=a%00b", "tag")]
    [InlineData("location=a%00b", "location")]
    [InlineData("author_id=me", "author_id")]
    [InlineData("employment_type=slavery", "employment_type")]
    [InlineData("workplace=FullTime", "workplace")]
    [InlineData("posted_after=yesterday", "posted_after")]
    [InlineData("open=perhaps", "open")]
    [InlineData("sort=random", "sort")]
    public async Task A_bad_query_is_refused(string query, string member)
    {
        using var response = await host.As(_author).GetAsync($"/api/jobs?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sort=popular")]
    [InlineData("&q=engines")]
    public async Task A_cursor_is_good_for_its_own_list_only(string order)
    {
        await host.PostAsync(_author);
        await host.PostAsync(_author);
        var cursor = (string?)(await host.GetAsync(_author, $"/api/jobs?limit=1{order}"))["next_cursor"];

        foreach (var other in new[] { "&sort=newest&tag=x", "&sort=popular&tag=x", "&q=other" })
        {
            using var response = await host.As(_author).GetAsync($"/api/jobs?limit=1{other}&cursor={cursor}");
            await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
        }
    }

    private async Task<List<JsonObject>> FindAsync(string text, string words)
    {
        await host.PostAsync(_author, title: text);
        return await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}&q={Uri.EscapeDataString(words)}");
    }
}
