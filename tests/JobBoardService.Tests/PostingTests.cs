using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class PostingTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New("ada.lovelace");

    [Fact]
    public async Task A_post_shows_everything_its_author_said_and_who_that_is()
    {
        var closesAt = host.Clock.GetUtcNow().AddDays(30);
        using var response = await host.TryPostAsync(_author, JobsHost.Body("  Explain engines  ", new
        {
            description = "First line\r\nsecond\tline",
            company = "Analytical",
            location = "London",
            employment_type = "part_time",
            workplace = "on_site",
            apply_url = "https://example.org/apply",
            tags = new[] { "Engines", "MATHS", "maths" },
            image_urls = new[] { "https://example.org/1.png", "https://example.org/2.png" },
            closes_at = closesAt,
            author = Guid.CreateVersion7(),
            like_count = 99,
        }));
        var job = await response.ReadObjectAsync(HttpStatusCode.Created);

        Assert.Equal($"/api/jobs/{job.Id()}", response.Headers.Location?.ToString());
        Assert.Equal("Explain engines", (string?)job["title"]);
        Assert.Equal("First line\nsecond\tline", (string?)job["description"]);
        Assert.Equal("part_time", (string?)job["employment_type"]);
        Assert.Equal("on_site", (string?)job["workplace"]);
        Assert.Equal(["engines", "maths"], job["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Equal(["https://example.org/1.png", "https://example.org/2.png"], job["images"]!.AsArray().Select(image => (string)image!["url"]!));
        Assert.Equal(_author.Id, (Guid?)job["author"]!["id"]);
        Assert.Equal("ada.lovelace", (string?)job["author"]!["username"]);
        Assert.Equal(0, (int?)job["like_count"]);
        Assert.Equal(0, (int?)job["comment_count"]);
        Assert.False((bool?)job["liked_by_me"]);
        Assert.Equal(closesAt.ToUnixTimeMilliseconds(), ((DateTimeOffset)job["closes_at"]!).ToUnixTimeMilliseconds());
        Assert.Equal(job.ToJsonString(), (await host.JobAsync(_author, job.Id())).ToJsonString());
    }

    [Theory]
    [InlineData("title", "\" \"")]
    [InlineData("title", "null")]
    [InlineData("title", "\"a\\u0000b\"")]
    [InlineData("description", "null")]
    [InlineData("company", "\"a\\nb\"")]
    [InlineData("apply_url", "\"javascript:alert(1)\"")]
    [InlineData("employment_type", "\"slavery\"")]
    [InlineData("employment_type", "1")]
    [InlineData("workplace", "\"moon\"")]
    [InlineData("tags[0]", "[\"\"]")]
    [InlineData("tags[0]", "[null]")]
    [InlineData("tags", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]")]
    [InlineData("tags[1]", "[\"good\",\"0123456789012345678901234567890\"]")]
    [InlineData("image_urls[0]", "[\"ftp://example.org/a.png\"]")]
    [InlineData("image_urls[0]", "[null]")]
    [InlineData("closes_at", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("closes_at", "\"2099-01-01T00:00:00\"")]
    public async Task A_bad_member_is_refused_in_POST_and_in_PATCH(string member, string value)
    {
        var job = await host.PostAsync(_author);
        var body = JobsHost.Body();
        var name = member.Split('[')[0];
        body[name] = JsonNode.Parse(value);

        using var posted = await host.TryPostAsync(_author, body);
        using var changed = await host.SendAsync(
            _author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new JsonObject { [name] = JsonNode.Parse(value) });

        await posted.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
        await changed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task All_failures_are_said_at_once()
    {
        using var response = await host.TryPostAsync(_author, new { title = new string('x', 151), tags = new[] { "" }, apply_url = "x" });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "title", "description", "tags[0]", "apply_url");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "")]
    [InlineData("GET", "/0190b0a0-0000-7000-8000-000000000000")]
    [InlineData("PATCH", "/0190b0a0-0000-7000-8000-000000000000")]
    [InlineData("DELETE", "/0190b0a0-0000-7000-8000-000000000000")]
    [InlineData("PUT", "/0190b0a0-0000-7000-8000-000000000000/like")]
    [InlineData("DELETE", "/0190b0a0-0000-7000-8000-000000000000/like")]
    [InlineData("GET", "/0190b0a0-0000-7000-8000-000000000000/likes")]
    [InlineData("POST", "/0190b0a0-0000-7000-8000-000000000000/comments")]
    [InlineData("GET", "/0190b0a0-0000-7000-8000-000000000000/comments")]
    [InlineData("POST", "/0190b0a0-0000-7000-8000-000000000000/images")]
    public async Task Without_a_token_there_is_nothing(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/jobs{path}");
        using var response = await host.Anonymous().SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task What_is_not_there_is_404_everywhere()
    {
        var job = $"/api/jobs/{Guid.CreateVersion7()}";
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, job, null), (HttpMethod.Patch, job, new { title = "x" }), (HttpMethod.Delete, job, null),
            (HttpMethod.Put, $"{job}/like", null), (HttpMethod.Delete, $"{job}/like", null), (HttpMethod.Get, $"{job}/likes", null),
            (HttpMethod.Post, $"{job}/comments", new { content = "x" }), (HttpMethod.Get, $"{job}/comments", null),
            (HttpMethod.Delete, $"{job}/images/{Guid.CreateVersion7()}", null),
        })
        {
            using var response = await host.SendAsync(_author, method, path, body);
            await response.IsProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        }

        using var upload = await host.TryUploadAsync(_author, Guid.CreateVersion7(), Png.Of());
        await upload.IsProblemAsync(HttpStatusCode.NotFound, "job_not_found");
    }

    [Fact]
    public async Task Only_the_author_changes_a_post_and_only_what_the_patch_names()
    {
        var job = await host.PostAsync(_author, new { company = "Analytical", location = "London", tags = new[] { "a" } });

        using var foreign = await host.SendAsync(TestUser.New(), HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { title = "Mine" });
        using var admins = await host.SendAsync(JobsHost.Admin, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { title = "Mine" });
        using var own = await host.SendAsync(
            _author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { title = "Explain more", company = (string?)null, tags = new[] { "B" } });

        await foreign.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
        await admins.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
        var changed = await own.ReadObjectAsync();
        Assert.Equal("Explain more", (string?)changed["title"]);
        Assert.Null(changed["company"]);
        Assert.Equal("London", (string?)changed["location"]);
        Assert.Equal("b", (string?)changed["tags"]![0]);
        Assert.True((DateTimeOffset)changed["updated_at"]! > (DateTimeOffset)job["updated_at"]!);
        Assert.Equal((string?)job["created_at"], (string?)changed["created_at"]);
    }

    [Fact]
    public async Task Links_to_images_are_replaced_as_a_whole_and_keep_their_ids_when_they_stay()
    {
        var job = await host.PostAsync(_author, new { image_urls = new[] { "https://example.org/1.png", "https://example.org/2.png" } });

        using var titleOnly = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { title = "Other" });
        using var swapped = await host.SendAsync(
            _author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { image_urls = new[] { "https://example.org/2.png", "https://example.org/1.png" } });

        Assert.Equal(job["images"]!.ToJsonString(), (await titleOnly.ReadObjectAsync())["images"]!.ToJsonString());
        Assert.Equal(
            ["https://example.org/2.png", "https://example.org/1.png"],
            (await swapped.ReadObjectAsync())["images"]!.AsArray().Select(image => (string)image!["url"]!));
    }

    [Fact]
    public async Task The_author_or_an_admin_deletes_a_post_with_all_that_belongs_to_it()
    {
        var own = await host.PostAsync(_author);
        var other = await host.PostAsync(_author);
        await host.LikeAsync(TestUser.New(), own.Id());
        await host.CommentAsync(TestUser.New(), own.Id());

        using var foreign = await host.SendAsync(TestUser.New(), HttpMethod.Delete, $"/api/jobs/{own.Id()}");
        using var byAuthor = await host.SendAsync(_author, HttpMethod.Delete, $"/api/jobs/{own.Id()}");
        using var byAdmin = await host.SendAsync(JobsHost.Admin, HttpMethod.Delete, $"/api/jobs/{other.Id()}");
        using var gone = await host.As(_author).GetAsync($"/api/jobs/{own.Id()}");

        await foreign.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
        Assert.Equal(HttpStatusCode.NoContent, byAuthor.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, byAdmin.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        Assert.Equal(0L, await host.QueryAsync<long>($"SELECT count(*) FROM job_post_counts WHERE post_id IN ('{own.Id()}', '{other.Id()}')"));
    }

    [Fact]
    public async Task A_closed_post_stays_readable_and_takes_nothing_new()
    {
        var fan = TestUser.New();
        var job = await host.PostAsync(_author, new { closes_at = host.Clock.GetUtcNow().AddMinutes(5) });
        await host.LikeAsync(fan, job.Id());
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        using var like = await host.TryLikeAsync(TestUser.New(), job.Id());
        using var comment = await host.TryCommentAsync(fan, job.Id(), "Too late");
        using var title = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { title = "Closed" });

        await like.IsProblemAsync(HttpStatusCode.Conflict, "job_closed");
        await comment.IsProblemAsync(HttpStatusCode.Conflict, "job_closed");
        Assert.Equal(HttpStatusCode.OK, title.StatusCode);
        Assert.Equal(1, (int?)(await host.LikeAsync(fan, job.Id()))["like_count"]);
        Assert.Equal(0, (int?)(await host.UnlikeAsync(fan, job.Id()))["like_count"]);
        Assert.DoesNotContain(await host.ReadAllAsync(fan, $"/api/jobs?open=true&author_id={_author.Id}"), found => found.Id() == job.Id());
        Assert.Contains(await host.ReadAllAsync(fan, $"/api/jobs?open=false&author_id={_author.Id}"), found => found.Id() == job.Id());
        Assert.Contains(await host.ReadAllAsync(fan, $"/api/jobs?author_id={_author.Id}"), found => found.Id() == job.Id());

        using var reopened = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", new { closes_at = (string?)null });
        Assert.Equal(HttpStatusCode.OK, reopened.StatusCode);
        await host.CommentAsync(fan, job.Id(), "In time again");
    }

    [Fact]
    public async Task The_same_key_posts_once()
    {
        var key = Guid.CreateVersion7();
        var user = TestUser.New();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.TryPostAsync(user, JobsHost.Body(), key)));
        using var otherBody = await host.TryPostAsync(user, JobsHost.Body("Another"), key);

        var ids = new HashSet<Guid>();
        foreach (var answer in answers)
        {
            ids.Add((await answer.ReadObjectAsync(HttpStatusCode.Created)).Id());
        }

        Assert.Single(ids);
        Assert.Equal(4, answers.Count(answer => answer.Headers.Contains("Idempotency-Replayed")));
        await otherBody.IsProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.Single(await host.ReadAllAsync(user, $"/api/jobs?author_id={user.Id}"));
    }
}
