using System.Net.Http.Headers;
using System.Text.Json.Nodes;
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
            workplace = "hybrid",
            tags = new[] { "a", "b" },
            closes_at = host.Clock.GetUtcNow().AddDays(1),
        });

        using var response = await PostingAsync(job);
        var posting = await response.ReadObjectAsync();

        Assert.Equal("application/ld+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.ETag);
        Assert.Contains("Accept", response.Headers.Vary);
        Assert.Equal("https://schema.org/", (string?)posting["@context"]);
        Assert.Equal("JobPosting", (string?)posting["@type"]);
        Assert.Equal("CONTRACTOR", (string?)posting["employmentType"]);
        Assert.Equal("Analytical", (string?)posting["hiringOrganization"]!["name"]);
        Assert.Equal("London", (string?)posting["jobLocation"]!["address"]!["addressLocality"]);
        Assert.Equal((string?)job["closes_at"], (string?)posting["validThrough"]);
        Assert.Equal((string?)job["created_at"], (string?)posting["datePosted"]);
        Assert.False(posting.ContainsKey("image"));
        Assert.False(posting.ContainsKey("jobLocationType"));
        Assert.False(posting.ContainsKey("applicantLocationRequirements"));
    }

    /// <summary>What search engines ask of a job that is done from home: where its applicants may be, and no place of work.</summary>
    [Theory]
    [InlineData("Portugal", "Portugal")]
    [InlineData(null, "Worldwide")]
    public async Task A_remote_job_says_where_its_applicants_may_be(string? location, string expected)
    {
        var job = await host.PostAsync(_author, new { location, workplace = "remote" });

        using var response = await PostingAsync(job);
        var posting = await response.ReadObjectAsync();

        Assert.Equal("TELECOMMUTE", (string?)posting["jobLocationType"]);
        Assert.Equal("AdministrativeArea", (string?)posting["applicantLocationRequirements"]!["@type"]);
        Assert.Equal(expected, (string?)posting["applicantLocationRequirements"]!["name"]);
        Assert.False(posting.ContainsKey("jobLocation"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_blank_company_is_none(string company)
    {
        var job = await host.PostAsync(_author, new { company, location = company });

        using var response = await PostingAsync(job);
        var posting = await response.ReadObjectAsync();

        Assert.Null(job["company"]);
        Assert.Null(job["location"]);
        Assert.Equal("Person", (string?)posting["hiringOrganization"]!["@type"]);
        Assert.Equal("ada.lovelace", (string?)posting["hiringOrganization"]!["name"]);
        Assert.False(posting.ContainsKey("jobLocation"));
    }

    /// <summary>Whoever puts it into a page's script element neither ends that element nor shows foreign markup.</summary>
    [Fact]
    public async Task A_description_comes_as_HTML_that_no_page_can_mistake_for_its_own()
    {
        var job = await host.PostAsync(_author, new { description = "5 < 6 & </script>\nSecond \"line\"\n\nÜber, 日本" });

        using var response = await PostingAsync(job);
        var text = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain('<', text);
        Assert.Contains("""\u003C""", text, StringComparison.Ordinal);
        Assert.Equal(
            "<p>5 &lt; 6 &amp; &lt;/script&gt;<br>Second &quot;line&quot;</p><p>Über, 日本</p>",
            (string?)JsonNode.Parse(text)!["description"]);
    }

    [Fact]
    public async Task The_document_describes_every_route()
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        Assert.Equal(
            [
                "/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/comments", "/api/jobs/{id}/comments/{comment_id}",
                "/api/jobs/{id}/comments/{comment_id}/reports", "/api/jobs/{id}/images", "/api/jobs/{id}/images/{image_id}", "/api/jobs/{id}/like",
                "/api/jobs/{id}/likes", "/api/jobs/{id}/reports",
            ],
            document["paths"]!.AsObject().Select(path => path.Key.TrimEnd('/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_says_that_a_job_comes_as_JSON_LD_too()
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        var content = document["paths"]!["/api/jobs/{id}"]!["get"]!["responses"]!["200"]!["content"]!.AsObject();
        Assert.Equal(["application/json", "application/ld+json"], content.Select(type => type.Key).Order(StringComparer.Ordinal));
        var posting = content["application/ld+json"]!["schema"]!;
        Assert.Contains("hiringOrganization", posting["properties"]!.AsObject().Select(member => member.Key));
        Assert.Contains("title", posting["required"]!.AsArray().Select(name => (string?)name));
    }

    private async Task<HttpResponseMessage> PostingAsync(JsonObject job)
    {
        using var client = host.As(_author);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/ld+json"));
        return await client.GetAsync($"/api/jobs/{job.Id()}");
    }
}
