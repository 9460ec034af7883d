using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>A list shows posts as they are at that moment, although it keeps what it has rendered: whatever of a post changes, and whoever changes it.</summary>
public sealed class RenderedJobTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();
    private readonly TestUser _reader = TestUser.New();

    [Fact]
    public async Task Each_change_is_shown_by_the_next_list()
    {
        using var author = host.As(_author);
        using var reader = host.As(_reader);
        var id = await PostAsync(author);
        Assert.Equal("Looms", (string?)(await ListedAsync(id))["title"]);

        await AllowedAsync(author.PatchAsJsonAsync($"/api/jobs/{id}", new { title = "Looms, again" }));
        Assert.Equal("Looms, again", (string?)(await ListedAsync(id))["title"]);

        await AllowedAsync(author.PatchAsJsonAsync($"/api/jobs/{id}", new { image_urls = new[] { "https://images.example.org/loom.png" } }));
        Assert.Single((await ListedAsync(id))["images"]!.AsArray());

        await AllowedAsync(reader.PutAsync($"/api/jobs/{id}/like", null));
        Assert.Equal((1, true), ((int)(await ListedAsync(id))["like_count"]!, (bool)(await ListedAsync(id))["liked_by_me"]!));

        await AllowedAsync(author.PostAsJsonAsync($"/api/jobs/{id}/comments", new { content = "Ask me." }));
        Assert.Equal(1, (int)(await ListedAsync(id))["comment_count"]!);

        await host.PublishUpdatedAsync(_author, 2);
        await Eventually.TrueAsync(async () => (string?)(await ListedAsync(id))["author"]!["username"] == $"{_author.Username}.2");
    }

    [Fact]
    public async Task Two_changes_of_one_moment_are_two()
    {
        using var author = host.As(_author);
        var id = await PostAsync(author);
        await host.QueryAsync<object>($"UPDATE job_posts SET updated_at = now() + interval '1 day' WHERE post_id = '{id}'");
        await ListedAsync(id);

        await AllowedAsync(author.PatchAsJsonAsync($"/api/jobs/{id}", new { title = "Looms of tomorrow" }));

        Assert.Equal("Looms of tomorrow", (string?)(await ListedAsync(id))["title"]);
    }

    [Fact]
    public async Task A_post_reads_the_same_in_a_list_and_by_itself()
    {
        using var author = host.As(_author);
        using var reader = host.As(_reader);
        var id = await PostAsync(author);
        await AllowedAsync(reader.PutAsync($"/api/jobs/{id}/like", null));

        using var alone = await reader.GetAsync($"/api/jobs/{id}");

        Assert.Equal(await alone.Content.ReadAsStringAsync(), (await ListedAsync(id)).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static async Task<Guid> PostAsync(HttpClient author)
    {
        using var posted = await author.PostAsJsonAsync("/api/jobs", new { title = "Looms", description = "Weave \"patterns\" <by> cards: like_count 7, größer.", tags = new[] { "like_count" } });
        return (Guid)(await posted.ReadObjectAsync(HttpStatusCode.Created))["id"]!;
    }

    private async Task<JsonObject> ListedAsync(Guid id) =>
        (await host.GetAsync(_reader, "/api/jobs?limit=100"))["items"]!.AsArray().Select(job => job!.AsObject()).Single(job => (Guid)job["id"]! == id);

    private static async Task AllowedAsync(Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
