using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>Collections as a whole: their order, their ids, their size.</summary>
public sealed class WholeListTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task An_item_that_is_sent_back_keeps_its_id()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var foreign = await (await host.As(TestUser.New()).PostAsJsonAsync("/api/profiles/me/skills", new { name = "x" })).ReadObjectAsync(HttpStatusCode.Created);
        var former = await (await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of("a", "b", "c") })).ReadItemsAsync();
        var ids = former.Select(item => (string)item["id"]!).ToList();

        var items = await (await client.PutAsJsonAsync("/api/profiles/me/skills", new
        {
            items = new object[]
            {
                new { id = ids[2], name = "c" }, new { id = ids[0], name = "b" }, new { id = ids[1], name = "a" },
                new { name = "new" }, new { id = (string)foreign["id"]!, name = "theirs" }, new { id = ids[2], name = "twice" },
            },
        })).ReadItemsAsync();

        var kept = items.Select(item => (string)item["id"]!).ToList();
        Assert.Equal([ids[2], ids[0], ids[1]], kept.Take(3));
        Assert.Empty(kept.Skip(3).Intersect([.. ids, (string)foreign["id"]!]));
        Assert.Equal(6, kept.Distinct().Count());
        using var wrong = await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = new object[] { new { id = "x", name = "c" } } });
        await wrong.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "items[0].id");
    }

    [Theory]
    [InlineData("""{"items":[ITEMS]}""", 1)]
    [InlineData("[ITEMS]", 1)]
    [InlineData("""{"items":[ITEMS]}""", 90)]
    public async Task Of_a_whole_list_what_cannot_be_read_hides_nothing_else_that_is_wrong(string form, int more)
    {
        var description = string.Concat(Enumerable.Repeat("\\u6570", 1_000));
        string[] items =
        [
            """{"start_date":"soon","url":"ftp://x"}""", """{"id":"x","name":"p"}""", "null", "7", """{"name":"p","start_date":"2020","end_date":"2019"}""",
            .. Enumerable.Repeat($$"""{"name":"p","description":"{{description}}"}""", more), """{"name":[]}""",
        ];
        using var body = new StringContent(form.Replace("ITEMS", string.Join(',', items), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");

        using var refused = await host.As(TestUser.New()).PutAsync("/api/profiles/me/projects", body);

        await refused.IsProblemAsync(
            HttpStatusCode.BadRequest,
            "validation_failed",
            "items[0].name", "items[0].start_date", "items[0].url", "items[1].id", "items[2]", "items[3]", "items[4].end_date", $"items[{items.Length - 1}].name");
    }

    [Fact]
    public async Task The_whole_list_comes_in_the_order_sent_and_replaces_the_former_one()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "b" });

        using var response = await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of("c", "b", "a") });
        using var bare = await client.PutAsJsonAsync("/api/profiles/me/hobbies", ListedNames.Of("z", "y"));

        Assert.Equal(["c", "b", "a"], (await response.ReadItemsAsync()).Select(item => (string?)item["name"]));
        Assert.Equal(["c", "b", "a"], await ListedNames.ReadAsync(client, user, "skills"));
        Assert.Equal(["z", "y"], (await bare.ReadItemsAsync()).Select(item => (string?)item["name"]));
    }

    [Fact]
    public async Task A_refused_list_leaves_the_former_one()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of("a", "b") });

        using var twice = await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of("x", "y", "X") });
        using var tooMany = await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of(ListedNames.Numbers(101)) });
        using var empty = await client.PutAsJsonAsync("/api/profiles/me/skills", new { });
        using var holed = await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = new object?[] { null } });

        await twice.IsProblemAsync(HttpStatusCode.Conflict, "name_taken", "items");
        await tooMany.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "items");
        await empty.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "items");
        await holed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "items[0]");
        Assert.Equal(["a", "b"], await ListedNames.ReadAsync(client, user, "skills"));
    }

    [Fact]
    public async Task After_a_deletion_the_rest_moves_up_and_the_next_comes_last()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var items = await (await client.PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of(ListedNames.Numbers(100)) })).ReadItemsAsync();

        using var full = await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "late" });
        await client.DeleteAsync($"/api/profiles/me/skills/{items[40]["id"]}");
        using var late = await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "late" });

        await full.IsProblemAsync(HttpStatusCode.Conflict, "collection_full");
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
        Assert.Equal([.. ListedNames.Numbers(100).Where(name => name != "40"), "late"], await ListedNames.ReadAsync(client, user, "skills"));
    }

    [Fact]
    public async Task One_hundred_is_the_limit_however_many_come_at_once()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PutAsJsonAsync("/api/profiles/me/hobbies", new { items = ListedNames.Of(ListedNames.Numbers(90)) });

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(number =>
            client.PostAsJsonAsync("/api/profiles/me/hobbies", new { name = $"more {number / 2}" })));

        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        var names = await ListedNames.ReadAsync(client, user, "hobbies");
        Assert.Equal(100, names.Distinct().Count());
    }
}
