using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class ExportTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task A_profile_is_exported_as_a_JSON_Resume()
    {
        var user = TestUser.New("exported1");
        var client = await host.KnownAsync(user, firstName: "Ada", lastName: "Lovelace");
        await client.PatchAsJsonAsync("/api/profiles/me", new
        {
            about = "Counts",
            headline = "Analyst",
            location = "London",
            github_url = "https://github.com/ada",
            portfolio_url = "https://ada.example",
        });
        await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "Mathematics" });
        await client.PostAsJsonAsync("/api/profiles/me/languages", new { name = "English" });
        await client.PostAsJsonAsync("/api/profiles/me/hobbies", new { name = "Flying" });
        await client.PostAsJsonAsync("/api/profiles/me/experience", new { company = "Babbage", title = "Programmer", start_date = "2020-01-01" });
        await client.PostAsJsonAsync("/api/profiles/me/education", new { institution = "Home", degree = "None", field_of_study = "Science" });
        await client.PostAsJsonAsync("/api/profiles/me/projects", new { name = "Engine", end_date = "2021-01-01" });
        await client.PostAsJsonAsync(
            "/api/profiles/me/certificates", new { title = "t", issuer = "i", issue_date = "2020-01-01", certificate_url = "https://example.org" });

        var resume = await host.As(TestUser.New()).GetObjectAsync($"/api/profiles/{user.Id}/resume.json");

        var expected = JsonNode.Parse(
            """
            {
              "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
              "basics": {
                "name": "Ada Lovelace", "label": "Analyst", "url": "https://ada.example", "summary": "Counts\n\nExplains engines.", "location": { "address": "London" },
                "profiles": [ { "network": "Explaino", "username": "exported1" }, { "network": "GitHub", "url": "https://github.com/ada" } ]
              },
              "work": [ { "name": "Babbage", "position": "Programmer", "startDate": "2020-01-01" } ],
              "education": [ { "institution": "Home", "area": "Science", "studyType": "None" } ],
              "certificates": [ { "name": "t", "date": "2020-01-01", "issuer": "i", "url": "https://example.org" } ],
              "skills": [ { "name": "Skills", "keywords": [ "Mathematics" ] } ],
              "languages": [ { "language": "English" } ],
              "interests": [ { "name": "Flying" } ],
              "projects": [ { "name": "Engine", "endDate": "2021-01-01" } ]
            }
            """)!;
        resume["basics"]!.AsObject().Remove("image");
        Assert.True(JsonNode.DeepEquals(expected, resume), resume.ToJsonString());
    }
}
