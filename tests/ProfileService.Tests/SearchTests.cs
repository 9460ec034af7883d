using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class SearchTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task The_best_match_comes_first_and_every_word_must_begin_one()
    {
        var named = await PersonAsync("zorkmid1", "Zork", new { headline = "Baker" });
        var skilled = await PersonAsync("plainuser", null, new { headline = "Plain" }, "Zork");
        var about = await PersonAsync("otheruser", null, new { about = "I like zorking\nvery much" });

        Assert.Equal([named, skilled, about], await FindAsync("q=ZORK"));
        Assert.Equal([named], await FindAsync("q=zork+bak"));
        Assert.Empty(await FindAsync("q=zork+nothing"));
        Assert.Empty(await FindAsync("q=!!!"));
    }

    [Theory]
    [MemberData(nameof(SearchVariants.Found), MemberType = typeof(SearchVariants))]
    public async Task A_profile_is_found_by(string text, string words)
    {
        var user = await PersonAsync("varianted", null, new { headline = text, current_company = text, location = text });

        foreach (var member in new[] { "q", "company", "location" })
        {
            Assert.Contains(user, await FindAsync($"{member}={Uri.EscapeDataString(words)}&limit=100"));
        }
    }

    [Theory]
    [MemberData(nameof(SearchVariants.Apart), MemberType = typeof(SearchVariants))]
    public async Task A_profile_is_not_found_by(string text, string words)
    {
        var user = await PersonAsync("varianted", null, new { headline = text });

        Assert.DoesNotContain(user, await FindAsync($"q={Uri.EscapeDataString(words)}&limit=100"));
    }

    [Fact]
    public async Task Filters_narrow_each_other()
    {
        var databases = "019b76da-a800-7000-8000-000000000010";
        var both = await PersonAsync("filtered1", null, new { current_company = "Quux & Sons", location = "Zürich, Switzerland" }, "C#");
        var other = await PersonAsync("filtered2", null, new { current_company = "Quux", location = "Bern" }, "C++");
        using var added = await host.As(both).PostAsJsonAsync("/api/profiles/me/specializations", new { specialization_id = databases });

        Assert.Equal([other.Id, both.Id], (await FindAsync("company=quux")).Select(user => user.Id));
        Assert.Equal([both], await FindAsync("company=quux&location=zür"));
        Assert.Equal([both], await FindAsync("location=SWITZERLAND"));
        Assert.Equal([both], await FindAsync("skill=c%23"));
        Assert.Equal([other], await FindAsync("q=c%2B%2B&company=quux"));
        Assert.Equal([both], await FindAsync($"q=c&specialization_id={databases}"));
        Assert.Empty(await FindAsync("skill=c"));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var expected = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            expected.Add((await PersonAsync($"paged{number:d4}", "Paginated", new { headline = number % 2 == 0 ? "Paginated" : "x" })).Id);
        }

        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await host.As(TestUser.New()).GetObjectAsync($"/api/profiles?q=paginated&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            found.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal([expected[4], expected[2], expected[0], expected[3], expected[1]], found);
    }

    [Fact]
    public async Task What_is_changed_is_found_at_once_and_the_deleted_never()
    {
        var user = TestUser.New("changing1");
        var client = await host.KnownAsync(user, firstName: "Before");
        await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = new[] { new { name = "Xylography" } } });
        Assert.Equal([user.Id], (await FindAsync("q=xylography")).Select(found => found.Id));

        await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = Array.Empty<object>() });
        await host.UpdateAsync(user, 2, "Afterwards");

        Assert.Empty(await FindAsync("q=xylography"));
        await Eventually.TrueAsync(async () => (await FindAsync("q=afterwards")).Count == 1);
        Assert.Empty(await FindAsync("q=changing1+before"));
        await host.DeleteAsync(user);
        await Eventually.TrueAsync(async () => (await FindAsync("q=changing1")).Count == 0);
    }

    [Fact]
    public async Task Profiles_from_before_are_found_when_the_migration_has_run()
    {
        var user = await PersonAsync("zymurgist", null, new { headline = "Zymurgy" });
        await host.Environment.UndoAsync("FillTextSearch", "UPDATE search_documents SET words = ''");
        Assert.Empty(await FindAsync("q=zymurgy"));

        await host.Environment.MigrateAsync();

        Assert.Equal([user], await FindAsync("q=zymurgy"));
    }

    [Theory]
    [InlineData("q=%00", "q")]
    [InlineData("specialization_id=x", "specialization_id")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101&company=a%01", "limit", "company")]
    [InlineData("cursor=AAAAAAAAAAAAAAAA", "cursor")]
    public async Task A_bad_query_is_refused(string query, params string[] members)
    {
        using var response = await host.As(TestUser.New()).GetAsync($"/api/profiles?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", members);
    }

    [Fact]
    public async Task Somebody_found_has_public_members_and_a_line_of_the_profile()
    {
        var user = await PersonAsync("membered1", "Members", new { headline = "Line" });

        var found = await host.As(user).GetObjectAsync("/api/profiles?q=membered1");

        Assert.Equal(
            ["id", "username", "first_name", "last_name", "bio", "profile_image", "created_at", "headline", "location", "current_company", "current_role"],
            Assert.IsType<JsonObject>(Assert.Single(found["items"]!.AsArray())).Select(member => member.Key));
    }

    [Fact]
    public async Task Whom_one_blocks_one_does_not_find_and_everybody_else_does()
    {
        var (ada, bob) = (await PersonAsync("blocking1", "Blockable", new { headline = "Line" }), await PersonAsync("blocked01", "Blockable", new { headline = "Line" }));

        await host.Environment.Broker.PublishBlockAsync("user-blocked.v1", ada.Id, bob.Id, 1);

        await Eventually.TrueAsync(async () => (await host.As(ada).GetObjectAsync("/api/profiles?q=blockable"))["items"]!.AsArray().Count == 1);
        Assert.Equal(2, (await FindAsync("q=blockable")).Count);
        Assert.Equal(2, (await host.As(bob).GetObjectAsync("/api/profiles?q=blockable"))["items"]!.AsArray().Count);
    }

    private async Task<TestUser> PersonAsync(string username, string? firstName, object profile, params string[] skills)
    {
        var user = TestUser.New(username);
        var client = await host.KnownAsync(user, firstName: firstName);
        using var patched = await client.PatchAsJsonAsync("/api/profiles/me", profile);
        using var listed = await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = skills.Select(name => new { name }) });
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        return _people[user.Id] = user;
    }

    private readonly Dictionary<Guid, TestUser> _people = [];

    private async Task<IReadOnlyList<TestUser>> FindAsync(string query) =>
        [
            .. (await (await host.As(TestUser.New()).GetAsync($"/api/profiles?{query}")).ReadItemsAsync())
                .Select(item => _people.GetValueOrDefault((Guid)item["id"]!) ?? new TestUser((Guid)item["id"]!, (string)item["username"]!, Guid.Empty)),
        ];
}
