using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>What an operator does not want to read is refused, or told to Identity.</summary>
public sealed class ContentTermsTests
{
    [Fact]
    public async Task A_post_and_a_comment_with_a_term_are_refused_new_or_changed()
    {
        await using var host = new JobsHost(Settings("reject"));
        await host.InitializeAsync();
        var author = TestUser.New("author");
        var job = (await host.PostAsync(author)).Id();
        var comment = (await host.CommentAsync(author, job, "Anybody?")).Id();

        using var posted = await host.TryPostAsync(author, JobsHost.Body("Cheap watches", new { tags = new[] { "cheap watches" } }));
        using var changed = await host.SendAsync(author, HttpMethod.Patch, $"/api/jobs/{job}", new { description = "For CHEAP watches." });
        using var commented = await host.TryCommentAsync(author, job, "Cheap, watches");
        using var edited = await host.SendAsync(author, HttpMethod.Patch, $"/api/jobs/{job}/comments/{comment}", new { content = "Cheap watches" });

        await posted.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "title", "tags");
        await changed.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "description");
        await commented.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "content");
        await edited.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "content");
    }

    [Fact]
    public async Task A_flagged_post_and_comment_are_written_and_told_once_each_by_nobody()
    {
        await using var host = new JobsHost(Settings("flag"));
        await host.InitializeAsync();
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "content-reported.v1");
        var author = TestUser.New("author");
        var key = Guid.CreateVersion7();

        using var posted = await host.TryPostAsync(author, JobsHost.Body("Cheap watches"), key);
        using var again = await host.TryPostAsync(author, JobsHost.Body("Cheap watches"), key);
        var job = (await posted.ReadObjectAsync(HttpStatusCode.Created)).Id();
        var comment = (await host.CommentAsync(author, job, "More cheap watches")).Id();

        await Eventually.TrueAsync(async () => (await events.AllAsync(_ => true)).Count >= 2);
        var told = await events.AllAsync(_ => true);
        Assert.Equal([("job", (Guid?)job), ("comment", comment)], told.Select(message => ((string?)message["type"], (Guid?)message["subjectId"])));
        Assert.All(told, message => Assert.True(message["userId"] is null && (Guid?)message["authorId"] == author.Id));
        Assert.Equal("More cheap watches", (string?)told[1]["snapshot"]!["content"]);
    }

    private static Dictionary<string, string?> Settings(string mode)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("explaino-terms-").FullName, "terms.txt");
        File.WriteAllText(file, "cheap watches\n");
        return new() { ["Moderation:Mode"] = mode, ["Moderation:Terms"] = file };
    }
}
