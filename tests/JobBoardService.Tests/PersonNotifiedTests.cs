using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>What the author of a post is told of, as docs/events promises.</summary>
public sealed class PersonNotifiedTests(JobsHost host) : IClassFixture<JobsHost>
{
    [Fact]
    public async Task An_author_is_told_of_likes_unlikes_and_comments_of_others_once_each()
    {
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "person-notified.v1");
        var (author, fan) = (TestUser.New(), TestUser.New());
        var job = await host.PostAsync(author);
        using var asFan = host.As(fan);
        using var asAuthor = host.As(author);

        await host.LikeAsync(author, job.Id());
        await host.LikeAsync(fan, job.Id());
        await host.LikeAsync(fan, job.Id());
        await host.UnlikeAsync(fan, job.Id());
        await host.UnlikeAsync(fan, job.Id());
        using var own = await asAuthor.PostAsJsonAsync($"/api/jobs/{job.Id()}/comments", new { content = "Mine." });
        using var comment = await asFan.PostAsJsonAsync($"/api/jobs/{job.Id()}/comments", new { content = "Yours." });
        Assert.Equal(HttpStatusCode.Created, comment.StatusCode);

        var told = (await events.AboutAsync(author.Id, count: 3)).Select(envelope => envelope["message"]!.AsObject()).ToList();
        Assert.Equal(
            [("job_like", false), ("job_like", true), ("job_comment", false)],
            told.OrderBy(message => (DateTimeOffset)message["occurredAt"]!).Select(message => ((string)message["kind"]!, (bool)message["withdrawn"]!)));
        Assert.All(told, message =>
        {
            Assert.Equal(EventDocuments.Document("person-notified.v1")["properties"]!.AsObject().Select(member => member.Key).Order(), message.Select(member => member.Key).Order());
            Assert.Equal(fan.Id, (Guid)message["actorId"]!);
            Assert.Equal(("job", job.Id()), ((string)message["subject"]!["type"]!, Guid.Parse((string)message["subject"]!["job_id"]!)));
            Assert.Equal((string?)job["title"], (string?)message["params"]!["title"]);
        });
    }
}
