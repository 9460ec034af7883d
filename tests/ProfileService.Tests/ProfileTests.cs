using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class ProfileTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task A_user_whose_event_has_not_come_has_an_empty_profile_and_can_change_it()
    {
        var user = TestUser.New("newcomer1");
        var client = host.As(user);

        var before = await client.GetObjectAsync($"/api/profiles/{user.Id}");
        var changed = await (await client.PatchAsJsonAsync("/api/profiles/me", new { headline = "  Explains things ", about = "One\r\ntwo" })).ReadObjectAsync();

        Assert.Equal("newcomer1", (string?)before["username"]);
        Assert.Null(before["headline"]);
        Assert.Equal("Explains things", (string?)changed["headline"]);
        Assert.Equal("One\ntwo", (string?)changed["about"]);
        var read = await client.GetObjectAsync($"/api/profiles/{user.Id}");
        Assert.Equal(changed.ToJsonString(), read.ToJsonString());
    }

    [Fact]
    public async Task The_profile_has_every_member_of_the_contract()
    {
        var user = TestUser.New();

        var profile = await host.As(user).GetObjectAsync($"/api/profiles/{user.Id}");

        string[] members =
        [
            "id", "username", "first_name", "last_name", "bio", "profile_image", "created_at",
            "about", "headline", "location", "current_company", "current_role", "linkedin_url", "github_url", "portfolio_url",
            "specializations", "certificates", "skills", "education", "tech_stack", "languages", "frameworks", "communication_skills",
            "certifications", "projects", "soft_skills", "hobbies", "experience", "internships", "resume",
        ];
        Assert.Equal(members.Order(), profile.Select(member => member.Key).Order());
        Assert.Null(profile["resume"]);
        Assert.Empty(Assert.IsType<JsonArray>(profile["skills"]));
    }

    [Fact]
    public async Task An_unknown_person_is_not_found_yet()
    {
        using var response = await host.As(TestUser.New()).GetAsync($"/api/profiles/{Guid.CreateVersion7()}");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "profile_not_found");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Null_clears_and_absent_leaves()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PatchAsJsonAsync("/api/profiles/me", new { headline = "Engineer", location = "Berlin" });

        var changed = await (await client.PatchAsJsonAsync("/api/profiles/me", new { headline = (string?)null })).ReadObjectAsync();

        Assert.Null(changed["headline"]);
        Assert.Equal("Berlin", (string?)changed["location"]);
    }

    [Fact]
    public async Task Patches_of_different_members_at_once_undo_none_of_each_other()
    {
        var user = TestUser.New();
        var client = host.As(user);

        for (var round = 0; round < 10; round++)
        {
            using var first = new StringContent($$"""{ "headline": "h{{round}}" }""", System.Text.Encoding.UTF8, "application/merge-patch+json");
            await Task.WhenAll(
                client.PatchAsync("/api/profiles/me", first),
                client.PatchAsJsonAsync("/api/profiles/me", new { location = $"l{round}" }),
                client.PatchAsJsonAsync("/api/profiles/me", new { }),
                client.PatchAsJsonAsync("/api/profiles/me", new { current_company = $"c{round}" }));

            var profile = await client.GetObjectAsync($"/api/profiles/{user.Id}");
            Assert.Equal(
                ($"h{round}", $"l{round}", $"c{round}"), ((string?)profile["headline"], (string?)profile["location"], (string?)profile["current_company"]));
        }
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_patch_is_said_at_once_and_nothing_is_changed()
    {
        var user = TestUser.New();
        var client = host.As(user);

        using var response = await client.PatchAsJsonAsync("/api/profiles/me", new
        {
            about = new string('a', 1001),
            headline = "a\u0001b",
            location = new string('l', 151),
            current_company = new string('c', 151),
            current_role = new string('r', 151),
            linkedin_url = "ftp://example.org",
            github_url = "https://user@example.org",
            portfolio_url = "nowhere",
        });

        await response.IsProblemAsync(
            HttpStatusCode.BadRequest, "validation_failed",
            "about", "headline", "location", "current_company", "current_role", "linkedin_url", "github_url", "portfolio_url");
        Assert.Null((await client.GetObjectAsync($"/api/profiles/{user.Id}"))["headline"]);
    }

    [Fact]
    public async Task An_ETag_saves_bytes_and_forbids_lost_updates()
    {
        var user = TestUser.New();
        var client = host.As(user);
        using var first = await client.GetAsync($"/api/profiles/{user.Id}");
        var tag = first.Headers.ETag!.ToString();

        using var unchanged = await client.SendAsync(HttpMethod.Get, $"/api/profiles/{user.Id}", null, ("If-None-Match", tag));
        using var changed = await client.SendAsync(HttpMethod.Patch, "/api/profiles/me", new { headline = "One" }, ("If-Match", tag));
        using var lost = await client.SendAsync(HttpMethod.Patch, "/api/profiles/me", new { headline = "Two" }, ("If-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await lost.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task If_match_does_not_ask_what_other_calls_changed()
    {
        var user = TestUser.New();
        var client = host.As(user);
        using var first = await client.GetAsync($"/api/profiles/{user.Id}");
        using var added = await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "Juggling" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        using var changed = await client.SendAsync(
            HttpMethod.Patch, "/api/profiles/me", new { headline = "One" }, ("If-Match", first.Headers.ETag!.ToString()));

        Assert.Equal("One", (string?)(await changed.ReadObjectAsync())["headline"]);
    }

    [Theory]
    [InlineData("GET", "/api/profiles/019a7c1e-5a00-7000-8000-000000000001")]
    [InlineData("GET", "/api/profiles")]
    [InlineData("GET", "/api/profiles/019a7c1e-5a00-7000-8000-000000000001/skills")]
    [InlineData("GET", "/api/profiles/019a7c1e-5a00-7000-8000-000000000001/resume/file")]
    [InlineData("GET", "/api/profiles/019a7c1e-5a00-7000-8000-000000000001/resume.json")]
    [InlineData("PATCH", "/api/profiles/me")]
    [InlineData("PUT", "/api/profiles/me/skills")]
    [InlineData("POST", "/api/profiles/me/certificates")]
    [InlineData("PUT", "/api/profiles/me/resume")]
    [InlineData("POST", "/api/profiles/me/specializations")]
    [InlineData("POST", "/api/specializations")]
    public async Task Without_a_token_there_is_nothing(string method, string path)
    {
        using var response = await host.Anonymous().SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_last_day_there_is_can_be_kept()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PostAsJsonAsync("/api/profiles/me/certifications", new { name = "Forever", issued_on = "0001-01-01", expires_on = "9999-12-31" });

        var profile = await client.GetObjectAsync($"/api/profiles/{user.Id}");

        Assert.Equal("9999-12-31", (string?)profile["certifications"]![0]!["expires_on"]);
        Assert.Equal("0001-01-01", (string?)profile["certifications"]![0]!["issued_on"]);
    }
}
