using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class SpecializationTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    private readonly HttpClient _admin = host.As(TestUser.Admin());

    [Fact]
    public async Task Ten_are_there_from_the_start_for_anyone()
    {
        var names = (await (await host.WithToken("stale").GetAsync("/api/specializations/")).ReadItemsAsync()).Select(item => (string?)item["name"]).ToList();

        string[] seeded =
        [
            "Artificial intelligence", "Back-end development", "Cloud computing", "Cybersecurity", "Data science", "Databases", "DevOps",
            "Front-end development", "Machine learning", "Mobile development",
        ];
        Assert.Equal(seeded, names.Where(seeded.Contains));
    }

    [Fact]
    public async Task Admins_create_replace_and_delete()
    {
        using var response = await _admin.PostAsJsonAsync("/api/specializations", new { name = " Compilers ", description = "Front to back" });
        var created = await response.ReadObjectAsync(HttpStatusCode.Created);
        var path = response.Headers.Location!.ToString();

        using var read = await host.Anonymous().GetAsync(path);
        using var replaced = await _admin.SendAsync(HttpMethod.Put, path, new { name = "Compilers 2" }, ("If-Match", read.Headers.ETag!.ToString()));
        using var stale = await _admin.SendAsync(HttpMethod.Put, path, new { name = "Compilers 3" }, ("If-Match", read.Headers.ETag!.ToString()));
        using var staleDelete = await _admin.SendAsync(HttpMethod.Delete, path, null, ("If-Match", read.Headers.ETag!.ToString()));
        using var deleted = await _admin.DeleteAsync(path);
        using var gone = await host.Anonymous().GetAsync(path);

        Assert.Equal(["id", "name", "description", "created_at", "updated_at"], created.Select(member => member.Key));
        Assert.Equal("Compilers", (string?)created["name"]);
        Assert.Null((await replaced.ReadObjectAsync())["description"]);
        await stale.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        await staleDelete.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "specialization_not_found");
    }

    [Fact]
    public async Task A_name_is_taken_in_any_case_by_exactly_one_of_many_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            _admin.PostAsJsonAsync("/api/specializations", new { name = number % 2 == 0 ? "ROBÓTICA  DE LA STRASSE" : "robo\u0301tica de la straße" })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        await answers.First(answer => answer.StatusCode != HttpStatusCode.Created)
            .IsProblemAsync(HttpStatusCode.Conflict, "specialization_name_taken", "name");
    }

    [Fact]
    public async Task The_same_values_again_change_nothing()
    {
        using var response = await _admin.PostAsJsonAsync("/api/specializations", new { name = "Unchanging", description = "d" });
        var created = await response.ReadObjectAsync(HttpStatusCode.Created);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        var again = await (await _admin.PutAsJsonAsync(response.Headers.Location, new { name = "Unchanging", description = "d" })).ReadObjectAsync();

        Assert.Equal((string?)created["updated_at"], (string?)again["updated_at"]);
    }

    [Fact]
    public async Task Only_admins_change_the_list()
    {
        using var response = await host.As(TestUser.New()).PostAsJsonAsync("/api/specializations", new { name = "Mine" });

        await response.IsProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Bad_members_are_named()
    {
        using var response = await _admin.PostAsJsonAsync("/api/specializations", new { name = new string('n', 101), description = new string('d', 501) });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "name", "description");
    }

    [Fact]
    public async Task A_person_has_each_once_until_removed()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var devOps = "019b76da-a800-7000-8000-000000000009";

        using var added = await client.PostAsJsonAsync("/api/profiles/me/specializations", new { specialization_id = devOps });
        using var again = await client.PostAsJsonAsync("/api/profiles/me/specializations", new { specialization_id = devOps });
        using var unknown = await client.PostAsJsonAsync("/api/profiles/me/specializations", new { specialization_id = Guid.CreateVersion7() });
        using var none = await client.PostAsJsonAsync("/api/profiles/me/specializations", new { });
        var listed = Assert.Single(await (await host.Anonymous().GetAsync($"/api/profiles/{user.Id}/specializations")).ReadItemsAsync());
        using var removed = await client.DeleteAsync($"/api/profiles/me/specializations/{devOps}");
        using var removedAgain = await client.DeleteAsync($"/api/profiles/me/specializations/{devOps}");

        Assert.Equal((await added.ReadObjectAsync(HttpStatusCode.Created)).ToJsonString(), listed.ToJsonString());
        Assert.Equal(["id", "name", "description", "created_at", "updated_at", "added_at"], listed.Select(member => member.Key));
        await again.IsProblemAsync(HttpStatusCode.Conflict, "specialization_already_added");
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "specialization_not_found");
        await none.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "specialization_id");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await removedAgain.IsProblemAsync(HttpStatusCode.NotFound, "specialization_not_found");
    }

    [Fact]
    public async Task A_deleted_specialization_leaves_the_people_who_had_it()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var created = await (await _admin.PostAsJsonAsync("/api/specializations", new { name = "Telegraphy" })).ReadObjectAsync(HttpStatusCode.Created);
        await client.PostAsJsonAsync("/api/profiles/me/specializations", new { specialization_id = (string?)created["id"] });

        await _admin.DeleteAsync($"/api/specializations/{created["id"]}");

        Assert.Empty((await client.GetObjectAsync($"/api/profiles/{user.Id}"))["specializations"]!.AsArray());
    }
}
