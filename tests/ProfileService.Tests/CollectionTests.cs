using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class CollectionTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    private static readonly string[] Named =
        ["skills", "tech-stack", "languages", "frameworks", "communication-skills", "soft-skills", "hobbies"];

    public static TheoryData<string> NamedCollections => [.. Named];

    public static TheoryData<string, string> AllCollections
    {
        get
        {
            var data = new TheoryData<string, string>
            {
                { "education", """{"institution":"ETH","degree":"MSc","field_of_study":"CS","start_date":"2020-01-01","end_date":"2022-01-01","description":"One\ntwo"}""" },
                { "experience", """{"company":"Acme","title":"Engineer","location":"Bern","start_date":"2020-01-01","end_date":"2020-01-01","description":"Built"}""" },
                { "internships", """{"company":"Acme","title":"Intern","location":null,"start_date":null,"end_date":"2020-01-01","description":null}""" },
                { "projects", """{"name":"Compiler","description":"Compiles","url":"https://example.org/c","start_date":"2020-01-01","end_date":null}""" },
                { "certifications", """{"name":"CKA","issuer":"CNCF","issued_on":"2020-01-01","expires_on":"2023-01-01","url":"https://example.org/cka"}""" },
            };
            foreach (var collection in Named)
            {
                data.Add(collection, """{"name":"Something"}""");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllCollections))]
    public async Task An_item_is_added_read_replaced_and_deleted_as_it_was_sent(string collection, string item)
    {
        var user = TestUser.New();
        var client = host.As(user);
        var sent = JsonNode.Parse(item)!.AsObject();

        using var created = await client.PostAsJsonAsync($"/api/profiles/me/{collection}", sent);
        var added = await created.ReadObjectAsync(HttpStatusCode.Created);
        var read = await client.GetObjectAsync(created.Headers.Location!.ToString());
        using var replaced = await client.PutAsJsonAsync($"/api/profiles/me/{collection}/{added["id"]}", sent);
        var listed = await (await client.GetAsync($"/api/profiles/{user.Id}/{collection}")).ReadItemsAsync();
        var whole = await client.GetObjectAsync($"/api/profiles/{user.Id}");
        using var deleted = await client.DeleteAsync($"/api/profiles/me/{collection}/{added["id"]}");

        var expected = sent.DeepClone().AsObject();
        expected["id"] = added["id"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(expected, added), added.ToJsonString());
        Assert.True(JsonNode.DeepEquals(expected, read));
        Assert.True(JsonNode.DeepEquals(expected, await replaced.ReadObjectAsync()));
        Assert.True(JsonNode.DeepEquals(expected, Assert.Single(listed)));
        Assert.True(JsonNode.DeepEquals(expected, Assert.Single(whole[collection.Replace('-', '_')]!.AsArray())));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(await (await client.GetAsync($"/api/profiles/{user.Id}/{collection}")).ReadItemsAsync());
    }

    [Theory]
    [MemberData(nameof(NamedCollections))]
    public async Task A_name_is_listed_once_whatever_its_case(string collection)
    {
        var client = host.As(TestUser.New());
        await client.PostAsJsonAsync($"/api/profiles/me/{collection}", new { name = "Élan" });

        using var again = await client.PostAsJsonAsync($"/api/profiles/me/{collection}", new { name = " éLAN " });
        using var whole = await client.PutAsJsonAsync($"/api/profiles/me/{collection}", new { items = new[] { new { name = "a" }, new { name = "A" } } });
        using var others = await host.As(TestUser.New()).PostAsJsonAsync($"/api/profiles/me/{collection}", new { name = "Élan" });

        await again.IsProblemAsync(HttpStatusCode.Conflict, "name_taken", "name");
        await whole.IsProblemAsync(HttpStatusCode.Conflict, "name_taken", "items");
        Assert.Equal(HttpStatusCode.Created, others.StatusCode);
    }

    public static TheoryData<string, string> SameNames => new()
    {
        { "Straße", "STRASSE" },
        { "ΝΊΚΟΣ", "νίκος" },
        { "café", "CAFE\u0301" },
        { "İzmir", "i\u0307zmir" },
        { "ＵＸ", "ux" },
        { "Team  work", "team work" },
        { "Team\u00A0work", "team work" },
    };

    [Theory]
    [MemberData(nameof(SameNames))]
    public async Task Names_are_the_same_whatever_their_case_composition_width_and_blanks(string one, string other)
    {
        var client = host.As(TestUser.New());
        using var added = await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = one });

        using var again = await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = other });

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        await again.IsProblemAsync(HttpStatusCode.Conflict, "name_taken", "name");
    }

    [Theory]
    [InlineData("sıra", "sira")]
    [InlineData("café", "cafe")]
    [InlineData("C", "C#")]
    public async Task Other_names_are_others(string one, string other)
    {
        using var response = await host.As(TestUser.New()).PutAsJsonAsync("/api/profiles/me/skills", new { items = ListedNames.Of(one, other) });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task White_space_inside_a_name_is_one_blank()
    {
        var added = await (await host.As(TestUser.New()).PostAsJsonAsync("/api/profiles/me/skills", new { name = " Team \u00A0  work" }))
            .ReadObjectAsync(HttpStatusCode.Created);

        Assert.Equal("Team work", (string?)added["name"]);
    }

    public static TheoryData<string, string, string[]> BadItems => new()
    {
        { "skills", """{}""", ["name"] },
        { "skills", """{"name":"  "}""", ["name"] },
        { "skills", $$"""{"name":"{{new string('n', 101)}}"}""", ["name"] },
        { "skills", """{"name":"a\u0000b"}""", ["name"] },
        { "skills", """{"name":5}""", ["name"] },
        { "education", """{"start_date":"2020-01-02","end_date":"2020-01-01"}""", ["institution", "end_date"] },
        { "education", """{"institution":"x","start_date":"2020-13-01"}""", ["start_date"] },
        { "education", """{"start_date":"2020-13-01","end_date":2020,"description":[]}""", ["institution", "start_date", "end_date", "description"] },
        { "experience", """{"start_date":"2020-01-02","end_date":"2020-01-01"}""", ["company", "title", "end_date"] },
        { "internships", $$"""{"company":"c","title":"t","description":"{{new string('d', 2001)}}"}""", ["description"] },
        { "projects", """{"name":"p","url":"javascript:alert(1)","start_date":"2020-01-02","end_date":"2020-01-01"}""", ["url", "end_date"] },
        { "certifications", """{"name":"c","issued_on":"2020-01-02","expires_on":"2020-01-01"}""", ["expires_on"] },
    };

    [Theory]
    [MemberData(nameof(BadItems))]
    public async Task A_bad_item_is_refused_by_its_members(string collection, string item, string[] members)
    {
        var client = host.As(TestUser.New());
        using var one = new StringContent(item, System.Text.Encoding.UTF8, "application/json");
        using var many = new StringContent($$"""{"items":[{{item}}]}""", System.Text.Encoding.UTF8, "application/json");

        using var added = await client.PostAsync($"/api/profiles/me/{collection}", one);
        using var replaced = await client.PutAsync($"/api/profiles/me/{collection}", many);

        await added.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", members);
        await replaced.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", [.. members.Select(member => $"items[0].{member}")]);
    }

    [Fact]
    public async Task Somebody_elses_items_are_not_there_to_be_changed()
    {
        var owner = TestUser.New();
        var item = await (await host.As(owner).PostAsJsonAsync("/api/profiles/me/skills", new { name = "Go" })).ReadObjectAsync(HttpStatusCode.Created);
        var stranger = host.As(TestUser.New());

        using var replaced = await stranger.PutAsJsonAsync($"/api/profiles/me/skills/{item["id"]}", new { name = "Stop" });
        using var deleted = await stranger.DeleteAsync($"/api/profiles/me/skills/{item["id"]}");
        using var asAdmin = await host.As(TestUser.Admin()).DeleteAsync($"/api/profiles/me/skills/{item["id"]}");

        await replaced.IsProblemAsync(HttpStatusCode.NotFound, "item_not_found");
        await deleted.IsProblemAsync(HttpStatusCode.NotFound, "item_not_found");
        await asAdmin.IsProblemAsync(HttpStatusCode.NotFound, "item_not_found");
        Assert.Equal(["Go"], await ListedNames.ReadAsync(stranger, owner, "skills"));
    }

    [Fact]
    public async Task If_Match_guards_items_and_lists()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var item = await (await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "Go" })).ReadObjectAsync(HttpStatusCode.Created);
        using var list = await client.GetAsync($"/api/profiles/{user.Id}/skills");
        using var one = await client.GetAsync($"/api/profiles/{user.Id}/skills/{item["id"]}");

        using var stale = await client.SendAsync(HttpMethod.Delete, $"/api/profiles/me/skills/{item["id"]}", null, ("If-Match", "\"other\""));
        using var replaced = await client.SendAsync(
            HttpMethod.Put, $"/api/profiles/me/skills/{item["id"]}", new { name = "Rust" }, ("If-Match", one.Headers.ETag!.ToString()));
        using var staleList = await client.SendAsync(
            HttpMethod.Put, "/api/profiles/me/skills", new { items = ListedNames.Of("x") }, ("If-Match", list.Headers.ETag!.ToString()));

        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        await staleList.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task An_unknown_persons_list_is_not_found()
    {
        using var response = await host.As(TestUser.New()).GetAsync($"/api/profiles/{Guid.CreateVersion7()}/skills");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "profile_not_found");
    }
}
