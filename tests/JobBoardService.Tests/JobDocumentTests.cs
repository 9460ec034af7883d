using System.Net.Http.Headers;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>What machines read: a job as a JobPosting of schema.org, and the document of the service.</summary>
public sealed class JobDocumentTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New("ada.lovelace");

    [Fact]
    public async Task Search_engines_get_a_JobPosting()
    {
        var job = await host.PostAsync(_author, new
        {
            company = "Analytical",
            location = "London",
            employment_type = "contract",
            workplace = "remote",
            tags = new[] { "a", "b" },
            closes_at = host.Clock.GetUtcNow().AddDays(1),
        });
        using var client = host.As(_author);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/ld+json"));

        using var response = await client.GetAsync($"/api/jobs/{job.Id()}");
        var posting = await response.ReadObjectAsync();

        Assert.Equal("application/ld+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.ETag);
        Assert.Contains("Accept", response.Headers.Vary);
        Assert.Equal("https://schema.org/", (string?)posting["@context"]);
        Assert.Equal("JobPosting", (string?)posting["@type"]);
        Assert.Equal("CONTRACTOR", (string?)posting["employmentType"]);
        Assert.Equal("TELECOMMUTE", (string?)posting["jobLocationType"]);
        Assert.Equal("Analytical", (string?)posting["hiringOrganization"]!["name"]);
        Assert.Equal("London", (string?)posting["jobLocation"]!["address"]!["addressLocality"]);
        Assert.Equal((string?)job["closes_at"], (string?)posting["validThrough"]);
        Assert.Equal((string?)job["created_at"], (string?)posting["datePosted"]);
        Assert.False(posting.ContainsKey("image"));
    }

    [Fact]
    public async Task The_document_describes_every_route()
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        Assert.Equal(
            [
                "/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/comments", "/api/jobs/{id}/comments/{commentId}", "/api/jobs/{id}/images",
                "/api/jobs/{id}/images/{imageId}", "/api/jobs/{id}/like", "/api/jobs/{id}/likes",
            ],
            document["paths"]!.AsObject().Select(path => path.Key.TrimEnd('/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_says_that_a_job_comes_as_JSON_LD_too()
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        var content = document["paths"]!["/api/jobs/{id}"]!["get"]!["responses"]!["200"]!["content"]!.AsObject();
        Assert.Equal(["application/json", "application/ld+json"], content.Select(type => type.Key).Order(StringComparer.Ordinal));
    }
}
