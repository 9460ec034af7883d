using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class GroupTests(TwoInstances chat)
{
    [Fact]
    public async Task A_group_has_exactly_the_members_of_the_contract()
    {
        var people = await chat.PeopleAsync(3);
        using var client = chat.One.As(people[0]);

        using var answer = await client.PostAsJsonAsync("/api/groups", new { name = " Engines ", user_ids = people[1..].Select(person => person.Id) });

        var group = await answer.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal(["id", "name", "owner_id", "participants", "created_at", "participant_count"], group.Select(member => member.Key));
        Assert.Equal("Engines", (string?)group["name"]);
        Assert.Equal(people[0].Id, (Guid)group["owner_id"]!);
        Assert.Equal(people.Select(person => person.Id), group["participants"]!.AsArray().Select(participant => (Guid)participant!["user"]!["id"]!));
        Assert.Equal(["owner", "member", "member"], group["participants"]!.AsArray().Select(participant => (string?)participant!["role"]));
        Assert.Equal(["user", "role", "joined_at"], group["participants"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal($"/api/groups/{group["id"]}", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Bad_groups_are_refused()
    {
        var people = await chat.PeopleAsync(2);
        using var client = chat.One.As(people[0]);

        using var nobody = await client.PostAsJsonAsync("/api/groups", new { name = "A", user_ids = Array.Empty<Guid>() });
        using var oneself = await client.PostAsJsonAsync("/api/groups", new { name = "A", user_ids = new[] { people[0].Id } });
        using var unknown = await client.PostAsJsonAsync("/api/groups", new { name = "A", user_ids = new[] { people[1].Id, Guid.CreateVersion7() } });
        using var tooMany = await client.PostAsJsonAsync("/api/groups", new { name = new string('a', 101), user_ids = Enumerable.Range(0, 256).Select(_ => Guid.CreateVersion7()) });

        await nobody.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "user_ids");
        await oneself.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "user_ids");
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await tooMany.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "name", "user_ids");
    }

    [Fact]
    public async Task What_a_role_may_do()
    {
        var people = await chat.PeopleAsync(5);
        var (owner, admin, member, other, newcomer) = (chat.One.As(people[0]), chat.Other.As(people[1]), chat.One.As(people[2]), people[3], people[4]);
        var id = await owner.StartGroupAsync(people[1], people[2], other);
        var path = $"/api/groups/{id}";
        using var promoted = await owner.PutAsJsonAsync($"{path}/participants/{people[1].Id}/role", new { role = "admin" });
        Assert.Equal("admin", (string?)(await promoted.ReadObjectAsync())["role"]);

        // A member talks and leaves, and nothing else.
        await (await member.PatchAsJsonAsync(path, new { name = "B" })).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");
        await (await member.PostAsJsonAsync($"{path}/participants", new { user_ids = new[] { newcomer.Id } })).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");
        await (await member.DeleteAsync($"{path}/participants/{other.Id}")).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");
        await (await member.DeleteAsync(path)).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");

        // An admin manages people and the name, but neither roles nor the owner.
        Assert.Equal("B", (string?)(await (await admin.PatchAsJsonAsync(path, new { name = "B" })).ReadObjectAsync())["name"]);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsJsonAsync($"{path}/participants", new { user_ids = new[] { newcomer.Id } })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"{path}/participants/{newcomer.Id}")).StatusCode);
        await (await admin.DeleteAsync($"{path}/participants/{people[0].Id}")).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");
        await (await admin.PutAsJsonAsync($"{path}/participants/{people[2].Id}/role", new { role = "admin" })).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");
        await (await admin.DeleteAsync(path)).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");

        // The owner stays one until somebody else is.
        await (await owner.PutAsJsonAsync($"{path}/participants/{people[0].Id}/role", new { role = "member" })).IsProblemAsync(HttpStatusCode.Conflict, "owner_required");
        await (await owner.PutAsJsonAsync($"{path}/participants/{newcomer.Id}/role", new { role = "member" })).IsProblemAsync(HttpStatusCode.NotFound, "participant_not_found");
        await (await owner.PutAsJsonAsync($"{path}/participants/{people[2].Id}/role", new { role = "king" })).IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "role");
        Assert.Equal(HttpStatusCode.OK, (await owner.PutAsJsonAsync($"{path}/participants/{people[2].Id}/role", new { role = "owner" })).StatusCode);
        Assert.Equal(people[2].Id, (Guid)(await owner.GetObjectAsync(path))["owner_id"]!);
        await (await owner.DeleteAsync(path)).IsProblemAsync(HttpStatusCode.Forbidden, "group_role_insufficient");
        Assert.Equal(HttpStatusCode.NoContent, (await member.DeleteAsync(path)).StatusCode);
        await (await owner.GetAsync(path)).IsProblemAsync(HttpStatusCode.NotFound, "group_not_found");
    }

    [Fact]
    public async Task To_those_outside_a_group_does_not_exist()
    {
        var people = await chat.PeopleAsync(3);
        using var owner = chat.One.As(people[0]);
        using var stranger = chat.Other.As(people[2]);
        var path = $"/api/groups/{await owner.StartGroupAsync(people[1])}";

        HttpResponseMessage[] answers =
        [
            await stranger.GetAsync(path),
            await stranger.PatchAsJsonAsync(path, new { name = "Mine" }),
            await stranger.DeleteAsync(path),
            await stranger.GetAsync($"{path}/participants"),
            await stranger.PostAsJsonAsync($"{path}/participants", new { user_ids = new[] { people[2].Id } }),
            await stranger.DeleteAsync($"{path}/participants/{people[1].Id}"),
            await stranger.PutAsJsonAsync($"{path}/participants/{people[1].Id}/role", new { role = "owner" }),
            await stranger.GetAsync($"{path}/messages"),
            await stranger.PostAsJsonAsync($"{path}/messages", new { content = "hello" }),
            await stranger.PutAsJsonAsync($"{path}/read", new { message_id = Guid.CreateVersion7() }),
        ];

        foreach (var answer in answers)
        {
            await answer.IsProblemAsync(HttpStatusCode.NotFound, "group_not_found");
        }
    }

    [Fact]
    public async Task Ownership_passes_to_the_longest_standing_admin_else_member_and_the_last_one_out_deletes_the_group()
    {
        var people = await chat.PeopleAsync(4);
        var clients = people.Select(person => chat.One.As(person)).ToArray();
        var id = await clients[0].StartGroupAsync(people[1..]);
        var path = $"/api/groups/{id}";
        using var promoted = await clients[0].PutAsJsonAsync($"{path}/participants/{people[2].Id}/role", new { role = "admin" });
        await clients[0].SayAsync($"groups/{id}", "goodbye");

        async Task LeaveAsync(int who) =>
            Assert.Equal(HttpStatusCode.NoContent, (await clients[who].DeleteAsync($"{path}/participants/{people[who].Id}")).StatusCode);

        await LeaveAsync(0);
        Assert.Equal(people[2].Id, (Guid)(await clients[1].GetObjectAsync(path))["owner_id"]!);
        await LeaveAsync(2);
        var left = await clients[3].GetObjectAsync(path);
        Assert.Equal(people[1].Id, (Guid)left["owner_id"]!);
        Assert.Equal(["owner", "member"], left["participants"]!.AsArray().Select(participant => (string?)participant!["role"]));
        await LeaveAsync(1);
        await LeaveAsync(3);
        await (await clients[3].GetAsync(path)).IsProblemAsync(HttpStatusCode.NotFound, "group_not_found");
    }

    [Fact]
    public async Task What_changes_nothing_of_a_group_is_no_news()
    {
        var people = await chat.PeopleAsync(2);
        using var owner = chat.One.As(people[0]);
        var id = await owner.StartGroupAsync(people[1]);
        await using var device = await chat.ConnectAsync(people[1]);

        using var empty = await owner.PatchAsJsonAsync($"/api/groups/{id}", new { });
        using var same = await owner.PatchAsJsonAsync($"/api/groups/{id}", new { name = " A group " });
        using var known = await owner.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[1].Id } });
        using var renamed = await owner.PatchAsJsonAsync($"/api/groups/{id}", new { name = "Another" });

        Assert.All([empty, same, renamed], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.Created, known.StatusCode);
        Assert.Equal("Another", (string?)(await device.ExpectAsync("GroupChanged"))["name"]);
    }

    [Fact]
    public async Task A_new_participant_sees_the_history_and_has_nothing_unread()
    {
        var people = await chat.PeopleAsync(3);
        using var owner = chat.One.As(people[0]);
        using var newcomer = chat.Other.As(people[2]);
        var id = await owner.StartGroupAsync(people[1]);
        await owner.SayAsync($"groups/{id}", "before");

        using var added = await owner.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[2].Id, people[1].Id } });
        Assert.Equal(3, (await added.ReadObjectAsync(HttpStatusCode.Created))["participants"]!.AsArray().Count);
        Assert.Single(await newcomer.ListAsync($"/api/groups/{id}/messages"));
        Assert.Equal(0, (int)(await newcomer.FindInListAsync("groups", id))["unread_count"]!);

        await owner.SayAsync($"groups/{id}", "after");
        var item = await newcomer.FindInListAsync("groups", id);
        Assert.Equal(1, (int)item["unread_count"]!);
        Assert.Equal("after", (string?)item["last_message"]!["content"]);
        Assert.Equal(3, (await newcomer.ListAsync($"/api/groups/{id}/participants")).Count);
    }

    [Fact]
    public async Task A_group_has_256_people_at_most_however_they_come_in()
    {
        var people = await chat.PeopleAsync(250);
        var late = await chat.PeopleAsync(12);
        using var owner = chat.One.As(people[0]);
        using var elsewhere = chat.Other.As(people[0]);
        var id = await owner.StartGroupAsync(people[1..]);

        // Twelve come at once, six fit.
        var answers = await Task.WhenAll(late.Select((person, number) =>
            (number % 2 == 0 ? owner : elsewhere).PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { person.Id } })));

        Assert.Equal(6, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await refused.IsProblemAsync(HttpStatusCode.Conflict, "group_full");
        }

        Assert.Equal(256, (await owner.ListAsync($"/api/groups/{id}/participants")).Count);
    }

    [Fact]
    public async Task If_match_guards_the_name()
    {
        var (ada, bob) = await chat.PairAsync();
        using var client = chat.One.As(ada);
        var path = $"/api/groups/{await client.StartGroupAsync(bob)}";
        using var seen = await client.GetAsync(path);
        using var renamed = await client.PatchAsJsonAsync(path, new { name = "Second" });

        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Headers = { IfMatch = { seen.Headers.ETag! } }, Content = JsonContent.Create(new { name = "Third" }) };
        using var answer = await client.SendAsync(request);

        await answer.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal("Second", (string?)(await client.GetObjectAsync(path))["name"]);
    }

    [Fact]
    public async Task If_match_does_not_ask_who_came_meanwhile()
    {
        var people = await chat.PeopleAsync(3);
        using var client = chat.One.As(people[0]);
        var path = $"/api/groups/{await client.StartGroupAsync(people[1])}";
        using var seen = await client.GetAsync(path);
        using var added = await client.PostAsJsonAsync($"{path}/participants", new { user_ids = new[] { people[2].Id } });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Headers = { IfMatch = { seen.Headers.ETag! } }, Content = JsonContent.Create(new { name = "Third" }) };
        using var answer = await client.SendAsync(request);

        Assert.Equal("Third", (string?)(await answer.ReadObjectAsync())["name"]);
    }
}
