using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class CertificateTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task Anyone_sees_them_newest_issue_date_first_page_by_page()
    {
        var user = TestUser.New();
        var client = host.As(user);
        foreach (var day in new[] { 3, 1, 5, 2, 4, 5 })
        {
            await client.PostAsJsonAsync("/api/profiles/me/certificates", Certificate(issueDate: $"2024-01-0{day}"));
        }

        var dates = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await host.Anonymous().GetObjectAsync($"/api/profiles/{user.Id}/certificates?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            dates.AddRange(page["items"]!.AsArray().Select(item => (string?)item!["issue_date"]));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(["2024-01-05", "2024-01-05", "2024-01-04", "2024-01-03", "2024-01-02", "2024-01-01"], dates);
        using var foreign = await host.Anonymous().GetAsync($"/api/profiles/{user.Id}/certificates?cursor=abc");
        await foreign.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
    }

    [Fact]
    public async Task Its_owner_replaces_and_deletes_it()
    {
        var user = TestUser.New();
        var client = host.As(user);
        using var response = await client.PostAsJsonAsync("/api/profiles/me/certificates", Certificate());
        var created = await response.ReadObjectAsync(HttpStatusCode.Created);
        using var read = await host.Anonymous().GetAsync(response.Headers.Location);
        var own = $"/api/profiles/me/certificates/{created["id"]}";

        using var replaced = await client.SendAsync(HttpMethod.Put, own, Certificate("Other"), ("If-Match", read.Headers.ETag!.ToString()));
        using var stale = await client.SendAsync(HttpMethod.Delete, own, null, ("If-Match", read.Headers.ETag!.ToString()));
        using var deleted = await client.DeleteAsync(own);
        using var gone = await host.Anonymous().GetAsync(response.Headers.Location);

        Assert.Equal(
            ["id", "user_id", "title", "issuer", "issue_date", "certificate_url", "created_at", "updated_at"], created.Select(member => member.Key));
        Assert.Equal("Other", (string?)(await replaced.ReadObjectAsync())["title"]);
        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "certificate_not_found");
    }

    [Fact]
    public async Task Somebody_elses_is_not_there()
    {
        var created = await (await host.As(TestUser.New()).PostAsJsonAsync("/api/profiles/me/certificates", Certificate()))
            .ReadObjectAsync(HttpStatusCode.Created);
        var stranger = host.As(TestUser.New());

        using var replaced = await stranger.PutAsJsonAsync($"/api/profiles/me/certificates/{created["id"]}", Certificate());
        using var deleted = await stranger.DeleteAsync($"/api/profiles/me/certificates/{created["id"]}");

        await replaced.IsProblemAsync(HttpStatusCode.NotFound, "certificate_not_found");
        await deleted.IsProblemAsync(HttpStatusCode.NotFound, "certificate_not_found");
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var tomorrow = DateOnly.FromDateTime(host.Clock.GetUtcNow().UtcDateTime.AddHours(14)).AddDays(1);

        using var wrong = await host.As(TestUser.New()).PostAsJsonAsync("/api/profiles/me/certificates", new
        {
            title = "",
            issuer = new string('i', 201),
            issue_date = $"{tomorrow:yyyy-MM-dd}",
            certificate_url = "/relative",
        });
        using var absent = await host.As(TestUser.New()).PostAsJsonAsync("/api/profiles/me/certificates", new { });

        await wrong.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "title", "issuer", "issue_date", "certificate_url");
        await absent.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "title", "issuer", "issue_date", "certificate_url");
    }

    [Fact]
    public async Task A_day_that_has_come_somewhere_is_not_the_future()
    {
        await using var evening = ProfileHost.At(new DateTimeOffset(2026, 3, 1, 23, 30, 0, TimeSpan.Zero));
        await evening.InitializeAsync();
        var client = evening.As(TestUser.New());

        using var auckland = await client.PostAsJsonAsync("/api/profiles/me/certificates", Certificate(issueDate: "2026-03-02"));
        using var nowhere = await client.PostAsJsonAsync("/api/profiles/me/certificates", Certificate(issueDate: "2026-03-03"));

        Assert.Equal(HttpStatusCode.Created, auckland.StatusCode);
        await nowhere.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "issue_date");
    }

    [Fact]
    public async Task The_same_values_again_change_nothing()
    {
        var client = host.As(TestUser.New());
        var created = await (await client.PostAsJsonAsync("/api/profiles/me/certificates", Certificate())).ReadObjectAsync(HttpStatusCode.Created);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        var again = await (await client.PutAsJsonAsync($"/api/profiles/me/certificates/{created["id"]}", Certificate())).ReadObjectAsync();
        var other = await (await client.PutAsJsonAsync($"/api/profiles/me/certificates/{created["id"]}", Certificate("Other"))).ReadObjectAsync();

        Assert.Equal((string?)created["updated_at"], (string?)again["updated_at"]);
        Assert.NotEqual((string?)created["updated_at"], (string?)other["updated_at"]);
    }

    private static object Certificate(string title = "CKA", string issueDate = "2024-02-29") =>
        new { title, issuer = "CNCF", issue_date = issueDate, certificate_url = "https://example.org/cka" };
}
