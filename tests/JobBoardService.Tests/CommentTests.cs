using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class CommentTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();
    private readonly TestUser _commentator = TestUser.New("commentator");

    [Fact]
    public async Task A_comment_is_counted_listed_oldest_first_and_shows_who_wrote_it()
    {
        var job = await host.PostAsync(_author);
        using var response = await host.TryCommentAsync(_commentator, job.Id(), " First\r\nsecond line ");
        var comment = await response.ReadObjectAsync(HttpStatusCode.Created);
        for (var number = 1; number < 5; number++)
        {
            await host.CommentAsync(_author, job.Id(), $"Number {number}");
        }

        Assert.Equal($"/api/jobs/{job.Id()}/comments/{comment.Id()}", response.Headers.Location?.ToString());
        Assert.Equal(["id", "job_id", "author", "content", "created_at", "updated_at"], comment.Select(member => member.Key));
        Assert.Equal(job.Id(), (Guid?)comment["job_id"]);
        Assert.Equal("commentator", (string?)comment["author"]!["username"]);
        var listed = await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/comments", limit: 2);
        Assert.Equal(
            ["First\nsecond line", "Number 1", "Number 2", "Number 3", "Number 4"], listed.Select(listed => (string?)listed["content"]));
        Assert.Equal(5, (int?)(await host.JobAsync(_author, job.Id()))["comment_count"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("a\0b")]
    public async Task A_bad_content_is_refused(string? content)
    {
        var job = await host.PostAsync(_author);
        var comment = await host.CommentAsync(_commentator, job.Id());

        using var posted = await host.TryCommentAsync(_commentator, job.Id(), content);
        using var tooLong = await host.TryCommentAsync(_commentator, job.Id(), new string('x', 501));
        using var changed = await host.SendAsync(
            _commentator, HttpMethod.Patch, $"/api/jobs/{job.Id()}/comments/{comment.Id()}", new { content });

        await posted.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
        await tooLong.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
        await changed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
    }

    [Fact]
    public async Task Only_its_author_edits_a_comment()
    {
        var job = await host.PostAsync(_author);
        var comment = await host.CommentAsync(_commentator, job.Id());
        var path = $"/api/jobs/{job.Id()}/comments/{comment.Id()}";

        foreach (var other in new[] { TestUser.New(), _author, JobsHost.Admin })
        {
            using var refused = await host.SendAsync(other, HttpMethod.Patch, path, new { content = "Mine" });
            await refused.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
        }

        using var stale = await host.SendAsync(_commentator, HttpMethod.Patch, path, new { content = "Never" }, ifMatch: "\"stale\"");
        using var own = await host.SendAsync(_commentator, HttpMethod.Patch, path, new { content = "Better said" });

        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal("Better said", (string?)(await own.ReadObjectAsync())["content"]);
    }

    [Fact]
    public async Task Its_author_the_posts_author_and_admins_delete_a_comment_and_nobody_else()
    {
        var job = await host.PostAsync(_author);
        foreach (var who in new[] { _commentator, _author, JobsHost.Admin })
        {
            var comment = await host.CommentAsync(_commentator, job.Id());
            var path = $"/api/jobs/{job.Id()}/comments/{comment.Id()}";

            using var stranger = await host.SendAsync(TestUser.New(), HttpMethod.Delete, path);
            using var stale = await host.SendAsync(who, HttpMethod.Delete, path, ifMatch: "\"stale\"");
            using var deleted = await host.SendAsync(who, HttpMethod.Delete, path);
            using var again = await host.SendAsync(who, HttpMethod.Delete, path);

            await stranger.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_author");
            await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            await again.IsProblemAsync(HttpStatusCode.NotFound, "comment_not_found");
        }

        Assert.Equal(0, (int?)(await host.JobAsync(_author, job.Id()))["comment_count"]);
    }

    [Fact]
    public async Task A_comment_belongs_to_its_post()
    {
        var job = await host.PostAsync(_author);
        var other = await host.PostAsync(_author);
        var comment = await host.CommentAsync(_commentator, job.Id());

        using var changed = await host.SendAsync(
            _commentator, HttpMethod.Patch, $"/api/jobs/{other.Id()}/comments/{comment.Id()}", new { content = "Elsewhere" });

        await changed.IsProblemAsync(HttpStatusCode.NotFound, "comment_not_found");
    }

    /// <summary>An id tells the millisecond and no more.</summary>
    [Fact]
    public async Task Comments_and_likes_of_one_millisecond_are_listed_by_their_time()
    {
        var job = await host.PostAsync(_author);
        var (contents, fans) = (new List<string>(), new List<Guid>());
        for (var number = 0; number < 4; number++)
        {
            var fan = TestUser.New();
            await host.CommentAsync(fan, job.Id(), $"Number {number}");
            await host.LikeAsync(fan, job.Id());
            contents.Add($"Number {number}");
            fans.Add(fan.Id);
        }

        foreach (var table in new[] { "job_post_comments", "job_post_likes" })
        {
            await host.QueryAsync<object>(
                $"""
                UPDATE {table} t SET created_at = '2026-01-01T00:00:00Z'::timestamptz - n * interval '1 microsecond'
                FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM {table} WHERE post_id = '{job.Id()}') numbered WHERE numbered.id = t.id
                """);
        }

        var comments = await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/comments", limit: 1);
        var likes = await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/likes", limit: 1);

        Assert.Equal(contents.AsEnumerable().Reverse(), comments.Select(comment => (string?)comment["content"]));
        Assert.Equal(fans, likes.Select(person => person.Id()));
    }

    [Fact]
    public async Task One_comment_is_read_by_anybody_with_an_entity_tag()
    {
        var job = await host.PostAsync(_author);
        var comment = await host.CommentAsync(_commentator, job.Id());
        var path = $"/api/jobs/{job.Id()}/comments/{comment.Id()}";

        using var first = await host.As(_author).GetAsync(path);
        using var elsewhere = await host.As(_author).GetAsync($"/api/jobs/{Guid.CreateVersion7()}/comments/{comment.Id()}");
        using var changed = await host.SendAsync(
            _commentator, HttpMethod.Patch, path, new { content = "Better said" }, ifMatch: first.Headers.ETag!.ToString());
        using var stale = await host.SendAsync(_commentator, HttpMethod.Patch, path, new { content = "Never" }, ifMatch: first.Headers.ETag!.ToString());

        Assert.Equal(comment.ToJsonString(), (await first.ReadObjectAsync()).ToJsonString());
        await elsewhere.IsProblemAsync(HttpStatusCode.NotFound, "comment_not_found");
        Assert.Equal("Better said", (string?)(await changed.ReadObjectAsync())["content"]);
        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task The_same_key_comments_once()
    {
        var job = await host.PostAsync(_author);
        var key = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.TryCommentAsync(_commentator, job.Id(), "Once", key)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(1, (int?)(await host.JobAsync(_author, job.Id()))["comment_count"]);
        Assert.Single(await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/comments"));
    }
}
