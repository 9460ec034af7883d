using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Where only people with a verified email address write, the others read.</summary>
public sealed class VerifiedWritingTests
{
    [Fact]
    public async Task Somebody_unverified_writes_no_posts_and_comments_and_changes_none()
    {
        await using var host = new JobsHost(new Dictionary<string, string?> { ["Registration:VerifiedToWrite"] = "true" });
        await host.InitializeAsync();
        var author = TestUser.New("author");
        var job = (await host.PostAsync(author)).Id();
        var comment = (await host.CommentAsync(author, job, "Anybody?")).Id();
        using var client = host.WithToken(host.Environment.Issuer.Issue(author, new TokenOptions { EmailVerified = false }));

        HttpResponseMessage[] refused =
        [
            await client.PostAsJsonAsync("/api/jobs", JobsHost.Body()),
            await client.PatchAsJsonAsync($"/api/jobs/{job}", new { title = "Other" }),
            await client.PostAsJsonAsync($"/api/jobs/{job}/comments", new { content = "Me" }),
            await client.PatchAsJsonAsync($"/api/jobs/{job}/comments/{comment}", new { content = "Me" }),
        ];

        foreach (var answer in refused)
        {
            await answer.IsProblemAsync(HttpStatusCode.Forbidden, "email_not_verified");
        }

        using var taken = await client.DeleteAsync($"/api/jobs/{job}/comments/{comment}");
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
    }
}
