using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Every PATCH of the service: what changes nothing is no change, and none undoes what another says at the same time.</summary>
public sealed class PatchTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    public static TheoryData<string> NoChanges =>
    [
        "{}",
        """{"title": "Explain engines"}""",
        """{"title": "  Explain engines "}""",
        """{"tags": ["Engines", "maths"], "image_urls": ["https://example.org/1.png"]}""",
        """{"company": "Analytical", "location": null, "employment_type": "contract", "workplace": "remote"}""",
        """{"closes_at": "2099-01-01T01:00:00.1234567+01:00"}""",
        """{"unknown": 1}""",
    ];

    [Theory]
    [MemberData(nameof(NoChanges))]
    public async Task The_same_again_leaves_a_job_as_it_was(string patch)
    {
        var job = await host.PostAsync(_author, new
        {
            company = "Analytical",
            employment_type = "contract",
            workplace = "remote",
            tags = new[] { "engines", "maths" },
            image_urls = new[] { "https://example.org/1.png" },
            closes_at = "2099-01-01T00:00:00.1234567Z",
        });

        using var response = await host.SendAsync(_author, HttpMethod.Patch, $"/api/jobs/{job.Id()}", JsonNode.Parse(patch));

        Assert.Equal(job.ToJsonString(), (await response.ReadObjectAsync()).ToJsonString());
        Assert.Equal(job.ToJsonString(), (await host.JobAsync(_author, job.Id())).ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"content": " Well said "}""")]
    public async Task The_same_again_leaves_a_comment_as_it_was(string patch)
    {
        var job = await host.PostAsync(_author);
        var comment = await host.CommentAsync(_author, job.Id());
        var path = $"/api/jobs/{job.Id()}/comments/{comment.Id()}";

        using var response = await host.SendAsync(_author, HttpMethod.Patch, path, JsonNode.Parse(patch));

        Assert.Equal(comment.ToJsonString(), (await response.ReadObjectAsync()).ToJsonString());
        Assert.Equal(comment.ToJsonString(), (await host.GetAsync(_author, path)).ToJsonString());
    }

    [Fact]
    public async Task Patches_of_a_job_at_once_all_count()
    {
        for (var round = 0; round < 10; round++)
        {
            var job = await host.PostAsync(_author, new { image_urls = new[] { "https://example.org/old.png" } });
            object[] patches =
            [
                new { title = "New" }, new { }, new { company = "New" }, new { title = (object)"New" }, new { location = "New" }, new { tags = new[] { "new" } }, new { },
                new { image_urls = new[] { "https://example.org/1.png", "https://example.org/2.png" } },
                new { image_urls = new[] { "https://example.org/3.png", "https://example.org/4.png" } },
            ];

            await PatchAllAsync($"/api/jobs/{job.Id()}", patches);

            var changed = await host.JobAsync(_author, job.Id());
            Assert.Equal(
                ("New", "New", "New", "new"),
                ((string?)changed["title"], (string?)changed["company"], (string?)changed["location"], (string?)Assert.Single(changed["tags"]!.AsArray())));
            var images = string.Join(' ', changed["images"]!.AsArray().Select(image => ((string)image!["url"]!)["https://example.org/".Length..]));
            Assert.Contains(images, new[] { "1.png 2.png", "3.png 4.png" });
        }
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_never_undoes_an_edit_of_a_comment()
    {
        var job = await host.PostAsync(_author);
        for (var round = 0; round < 20; round++)
        {
            var comment = await host.CommentAsync(_author, job.Id());
            var path = $"/api/jobs/{job.Id()}/comments/{comment.Id()}";

            await PatchAllAsync(path, [new { }, new { }, new { content = "Better said" }, new { }, new { }]);

            Assert.Equal("Better said", (string?)(await host.GetAsync(_author, path))["content"]);
        }
    }

    private async Task PatchAllAsync(string path, object[] patches)
    {
        var answers = await Task.WhenAll(patches.Select(patch => host.SendAsync(_author, HttpMethod.Patch, path, patch)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }
}
