using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class PagingTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    public static TheoryData<string, int> Lists()
    {
        var data = new TheoryData<string, int>();
        foreach (var order in new[] { "sort=newest", "sort=popular", "q=engine" })
        {
            for (var seed = 1; seed <= 4; seed++)
            {
                data.Add(order, seed);
            }
        }

        return data;
    }

    /// <summary>What was there at the first page and is not deleted comes exactly once and in the order of the first page.</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Nothing_comes_twice_or_is_missing_while_posts_are_edited_and_posts_and_likes_come_and_go(string order, int seed)
    {
        var random = new Random(seed);
        var fans = Enumerable.Range(0, 4).Select(_ => TestUser.New()).ToList();
        for (var number = 0; number < 14; number++)
        {
            await AddPostAsync(random);
        }

        foreach (var job in await host.ReadAllAsync(_author, $"/api/jobs?author_id={_author.Id}"))
        {
            await Task.WhenAll(fans.Take(random.Next(fans.Count + 1)).Select(fan => host.LikeAsync(fan, job.Id())));
        }

        var path = $"/api/jobs?author_id={_author.Id}&{order}";
        var original = (await host.ReadAllAsync(_author, path)).Select(job => job.Id()).ToList();
        var deleted = new List<Guid>();

        var paged = (await host.ReadAllAsync(_author, path, limit: random.Next(1, 5), betweenPages: () => DisturbAsync(random, fans, original, deleted)))
            .Select(job => job.Id()).ToList();

        Assert.Equal(paged.Distinct(), paged);
        Assert.Equal(
            original.Except(deleted),
            paged.Where(original.Contains).Except(deleted));
    }

    [Fact]
    public async Task A_reader_who_took_too_long_goes_on_in_the_order_of_the_moment()
    {
        var fan = TestUser.New();
        var jobs = new List<JsonObject>();
        for (var number = 0; number < 3; number++)
        {
            jobs.Add(await host.PostAsync(_author));
        }

        await host.LikeAsync(fan, jobs[2].Id());
        var path = $"/api/jobs?author_id={_author.Id}&sort=popular&limit=1";
        var cursor = (string?)(await host.GetAsync(fan, path))["next_cursor"];
        await host.LikeAsync(fan, jobs[1].Id());
        var soon = await host.GetAsync(fan, $"{path}&cursor={cursor}");
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        var late = await host.GetAsync(fan, $"{path}&cursor={cursor}");

        Assert.Equal(jobs[1].Id(), soon["items"]![0]!.AsObject().Id());
        Assert.Equal(1, (int?)soon["items"]![0]!["like_count"]);
        Assert.Equal(jobs[1].Id(), late["items"]![0]!.AsObject().Id());
        using var unliked = await host.SendAsync(fan, HttpMethod.Delete, $"/api/jobs/{jobs[1].Id()}/like");
        Assert.Equal(HttpStatusCode.OK, unliked.StatusCode);
    }

    [Fact]
    public async Task What_an_edit_made_match_better_after_the_first_page_stays_where_it_stood()
    {
        var last = await host.PostAsync(_author, new { description = "Of an engine" }, "Other");
        await host.PostAsync(_author);
        var path = $"/api/jobs?author_id={_author.Id}&q=engine&limit=1";
        var cursor = (string?)(await host.GetAsync(_author, path))["next_cursor"];
        using var edited = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{last.Id()}", new { title = "Engine engine", description = "Engine" });
        using var again = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{last.Id()}", new { title = "No more", description = "Of that" });

        var second = await host.GetAsync(_author, $"{path}&cursor={cursor}");
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        var late = await host.GetAsync(_author, $"{path}&cursor={cursor}");

        Assert.Equal([last.Id()], second["items"]!.AsArray().Select(job => (Guid)job!["id"]!));
        Assert.Equal("No more", (string?)second["items"]![0]!["title"]);
        Assert.Empty(late["items"]!.AsArray());
    }

    private async Task DisturbAsync(Random random, List<TestUser> fans, List<Guid> original, List<Guid> deleted)
    {
        await AddPostAsync(random);
        if (random.Next(3) == 0)
        {
            var victim = original[random.Next(original.Count)];
            if (!deleted.Contains(victim))
            {
                deleted.Add(victim);
                using var response = await host.SendAsync(_author, HttpMethod.Delete, $"/api/jobs/{victim}");
                Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            }
        }

        foreach (var job in original.Except(deleted).Where(_ => random.Next(4) == 0).ToList())
        {
            using var edited = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{job}", new { title = random.Next(2) == 0 ? "Gardens" : "Engine engine" });
            Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        }

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            var (fan, job, like) = (fans[random.Next(fans.Count)], original[random.Next(original.Count)], random.Next(2) == 0);
            using var response = await host.SendAsync(fan, like ? HttpMethod.Put : HttpMethod.Delete, $"/api/jobs/{job}/like");
        }));
    }

    private Task<JsonObject> AddPostAsync(Random random) =>
        host.PostAsync(_author, new { description = random.Next(2) == 0 ? "For an engine" : "For somebody" }, $"Engine {random.Next(100)}");
}
