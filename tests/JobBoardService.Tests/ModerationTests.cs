using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>What is reported goes to Identity as it was; what is decided against goes.</summary>
public sealed class ModerationTests(JobsHost host) : IClassFixture<JobsHost>
{
    [Fact]
    public async Task A_reported_job_and_comment_are_told_as_they_were_once_a_person_and_thing()
    {
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "content-reported.v1");
        var (author, reader) = (TestUser.New("author"), TestUser.New("reader"));
        var job = (await host.PostAsync(author, new { image_urls = new[] { "https://images.example.org/1.png" } })).Id();
        var comment = (await host.CommentAsync(author, job, "Buy now!")).Id();

        using var reported = await host.SendAsync(reader, HttpMethod.Post, $"/api/jobs/{job}/reports", new { reason = "self_harm", note = "Look.", block = true });
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            host.SendAsync(reader, HttpMethod.Post, $"/api/jobs/{job}/comments/{comment}/reports", new { reason = "spam" })));

        var id = (Guid)(await reported.ReadObjectAsync(HttpStatusCode.Accepted))["id"]!;
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var told = (await events.AboutAsync(reader.Id, 2)).Select(envelope => envelope["message"]!.AsObject()).ToList();
        Assert.Equal(2, told.Count);
        var ofJob = told.Single(message => (string?)message["type"] == "job");
        Assert.Equal(
            EventDocuments.Document("content-reported.v1")["properties"]!.AsObject().Select(member => member.Key).Order(), ofJob.Select(member => member.Key).Order());
        Assert.Equal((id, job, author.Id), ((Guid)ofJob["reportId"]!, (Guid)ofJob["subjectId"]!, (Guid)ofJob["authorId"]!));
        Assert.Equal(("jobs", "self_harm", "Look.", true), ((string?)ofJob["service"], (string?)ofJob["reason"], (string?)ofJob["note"], (bool)ofJob["block"]!));
        Assert.Equal("Explain engines", (string?)ofJob["snapshot"]!["title"]);
        Assert.Equal("https://images.example.org/1.png", (string?)ofJob["snapshot"]!["images"]![0]);
        var ofComment = told.Single(message => (string?)message["type"] == "comment");
        Assert.Equal((comment, job), ((Guid)ofComment["subjectId"]!, (Guid)ofComment["containerId"]!));
        Assert.Equal("Buy now!", (string?)ofComment["snapshot"]!["content"]);
    }

    [Fact]
    public async Task What_is_not_there_is_not_reported_and_others_reports_count()
    {
        var (author, reader) = (TestUser.New("author"), TestUser.New("reader"));
        var job = (await host.PostAsync(author)).Id();
        for (var i = 0; i < 20; i++)
        {
            var message = EventDocuments.Example("content-reported.v1");
            message["reportId"] = Guid.CreateVersion7();
            message["userId"] = reader.Id;
            message["subjectId"] = Guid.CreateVersion7();
            message["reportedAt"] = host.Clock.GetUtcNow();
            await host.Environment.Broker.PublishAsync("content-reported.v1", message);
        }

        await Eventually.TrueAsync(async () => await host.QueryAsync<long>($"SELECT count(*) FROM reports WHERE reporter_id = '{reader.Id}'") == 20);
        using var tooMany = await host.SendAsync(reader, HttpMethod.Post, $"/api/jobs/{job}/reports", new { reason = "spam" });
        using var nothing = await host.SendAsync(author, HttpMethod.Post, $"/api/jobs/{Guid.CreateVersion7()}/reports", new { reason = "spam" });
        using var noComment = await host.SendAsync(author, HttpMethod.Post, $"/api/jobs/{job}/comments/{Guid.CreateVersion7()}/reports", new { reason = "spam" });
        using var noReason = await host.SendAsync(author, HttpMethod.Post, $"/api/jobs/{job}/reports", new { });

        await tooMany.IsProblemAsync(HttpStatusCode.TooManyRequests, "too_many_reports");
        await nothing.IsProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        await noComment.IsProblemAsync(HttpStatusCode.NotFound, "comment_not_found");
        await noReason.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "reason");
    }

    [Fact]
    public async Task What_is_removed_is_gone_with_its_bytes_and_counts_follow_once()
    {
        var author = TestUser.New("author");
        var (job, kept) = ((await host.PostAsync(author)).Id(), (await host.PostAsync(author)).Id());
        await host.UploadAsync(author, job, Pictures.File("plain.webp"));
        var (comment, other) = ((await host.CommentAsync(author, kept)).Id(), (await host.CommentAsync(author, kept)).Id());
        var files = host.Files.Count;

        for (var i = 0; i < 3; i++)
        {
            await RemoveAsync("comment", comment, kept);
            await RemoveAsync("job", job, null);
        }

        await Eventually.TrueAsync(async () => (await host.As(author).GetAsync($"/api/jobs/{job}")).StatusCode == HttpStatusCode.NotFound);
        await Eventually.TrueAsync(() => Task.FromResult(host.Files.Count == files - 1));
        await Eventually.TrueAsync(async () => (int?)(await host.JobAsync(author, kept))["comment_count"] == 1);
        Assert.Equal(other, Assert.Single(await host.ReadAllAsync(author, $"/api/jobs/{kept}/comments")).Id());
    }

    private Task RemoveAsync(string type, Guid subject, Guid? container)
    {
        var message = EventDocuments.Example("content-removed.v1");
        message["type"] = type;
        message["subjectId"] = subject;
        message["containerId"] = container;
        return host.Environment.Broker.PublishAsync("content-removed.v1", message);
    }
}
