using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class EntityTagTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    [Fact]
    public async Task An_entity_tag_saves_reading_again_and_protects_from_lost_updates()
    {
        var job = await host.PostAsync(_author);
        var path = $"/api/jobs/{job.Id()}";
        using var first = await host.As(_author).GetAsync(path);
        var tag = first.Headers.ETag!;

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(tag);
        using var unchanged = await host.As(_author).SendAsync(again);
        using var matching = await host.SendAsync(_author, HttpMethod.Patch, path, new { title = "Second" }, ifMatch: tag.ToString());
        using var stale = await host.SendAsync(_author, HttpMethod.Patch, path, new { title = "Third" }, ifMatch: tag.ToString());
        using var staleDelete = await host.SendAsync(_author, HttpMethod.Delete, path, ifMatch: tag.ToString());

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, matching.StatusCode);
        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        await staleDelete.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal("Second", (string?)(await host.JobAsync(_author, job.Id()))["title"]);
    }

    [Fact]
    public async Task What_others_do_with_a_post_changes_its_tag_and_lets_its_authors_edit_pass()
    {
        var job = await host.PostAsync(_author);
        var path = $"/api/jobs/{job.Id()}";
        using var first = await host.As(_author).GetAsync(path);
        var tag = first.Headers.ETag!;
        await host.LikeAsync(TestUser.New(), job.Id());
        await host.LikeAsync(_author, job.Id());
        await host.CommentAsync(TestUser.New(), job.Id());

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(tag);
        using var seen = await host.As(_author).SendAsync(again);
        using var edited = await host.SendAsync(_author, HttpMethod.Patch, path, new { title = "Second" }, ifMatch: tag.ToString());
        using var stale = await host.SendAsync(_author, HttpMethod.Patch, path, new { company = "Third" }, ifMatch: tag.ToString());
        using var staleDelete = await host.SendAsync(_author, HttpMethod.Delete, path, ifMatch: tag.ToString());
        using var newer = await host.As(_author).GetAsync(path);
        await host.LikeAsync(TestUser.New(), job.Id());
        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, path, ifMatch: newer.Headers.ETag!.ToString());

        Assert.Equal(2, (int?)(await seen.ReadObjectAsync())["like_count"]);
        Assert.NotEqual(tag, seen.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        await staleDelete.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }
}
