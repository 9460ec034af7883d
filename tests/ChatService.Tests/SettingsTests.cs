using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>How a member wants a conversation: muted, pinned, archived; nobody else's business.</summary>
public sealed class SettingsTests(TwoInstances chat)
{
    [Theory]
    [InlineData("chats")]
    [InlineData("groups")]
    public async Task A_patch_changes_what_it_names_for_oneself_and_lists_show_it(string kind)
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var id = kind == "chats" ? await asAda.StartChatAsync(bob) : await asAda.StartGroupAsync(bob);
        var before = await asBob.FindInListAsync(kind, id);

        var pinned = await PatchAsync(asAda, kind, id, new { pinned = true, muted_until = "forever" });
        var muted = await PatchAsync(asAda, kind, id, new { muted_until = "2099-01-02T03:04:05.000006+01:00", archived = true });
        var listed = await asAda.FindInListAsync(kind, id);
        var cleared = await PatchAsync(asAda, kind, id, JsonNode.Parse("""{"muted_until":null}""")!);

        Assert.Equal("""{"muted_until":"forever","pinned":true,"archived":false}""", pinned.ToJsonString());
        Assert.Equal("""{"muted_until":"2099-01-02T02:04:05.000006Z","pinned":true,"archived":true}""", muted.ToJsonString());
        Assert.All(muted, member => Assert.True(JsonNode.DeepEquals(member.Value, listed[member.Key])));
        Assert.Equal("""{"muted_until":null,"pinned":true,"archived":true}""", cleared.ToJsonString());
        Assert.True(JsonNode.DeepEquals(before, await asBob.FindInListAsync(kind, id)));
    }

    [Theory]
    [InlineData("chats")]
    [InlineData("groups")]
    public async Task A_list_leaves_the_archived_out_on_demand_and_pages_stay_whole(string kind)
    {
        var people = await chat.PeopleAsync(6);
        using var asAda = chat.One.As(people[0]);
        var ids = new List<Guid>();
        foreach (var peer in people[1..])
        {
            ids.Add(kind == "chats" ? await asAda.StartChatAsync(peer) : await asAda.StartGroupAsync(peer));
        }

        await PatchAsync(asAda, kind, ids[1], new { archived = true });
        await PatchAsync(asAda, kind, ids[3], new { archived = true });

        Assert.Equal([ids[4], ids[2], ids[0]], await IdsAsync("archived=false&limit=2"));
        Assert.Equal([ids[3], ids[1]], await IdsAsync("archived=true&limit=1"));
        Assert.Equal([ids[4], ids[3], ids[2], ids[1], ids[0]], await IdsAsync("limit=100"));

        async Task<List<Guid>> IdsAsync(string query)
        {
            var found = new List<Guid>();
            for (var next = $"/api/{kind}?{query}"; next is not null;)
            {
                var page = await asAda.GetObjectAsync(next);
                found.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
                next = page["next_cursor"] is { } cursor ? $"/api/{kind}?{query}&cursor={cursor}" : null;
            }

            return found;
        }
    }

    [Fact]
    public async Task The_badge_leaves_out_what_is_muted_or_archived_and_ones_devices_hear_of_it()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        var (chatId, groupId) = (await asAda.StartChatAsync(people[1]), await asAda.StartGroupAsync(people[1..]));
        await asBob.ReadNotificationsAsync(1);
        await asAda.SayAsync($"chats/{chatId}", "one");
        await asAda.SayAsync($"groups/{groupId}", "two");
        await using var device = await chat.ConnectAsync(people[1]);
        var store = new DeviceStore();
        await store.SyncAsync(asBob);
        var waiting = asBob.PostAsJsonAsync("/api/sync", new { known = store.Known(), wait = 25 });
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300))));

        await PatchAsync(asBob, "chats", chatId, new { muted_until = "forever" });
        await device.ExpectAsync("UnreadChanged", told => (int)told["badge"]! == 1);
        await PatchAsync(asBob, "groups", groupId, new { archived = true });
        await device.ExpectAsync("UnreadChanged", told => (int)told["badge"]! == 0);
        await PatchAsync(asBob, "chats", chatId, new { muted_until = "2020-01-01T00:00:00Z" });

        Assert.Equal("""{"messages":2,"conversations":2,"notifications":0,"badge":1}""", (await asBob.GetObjectAsync("/api/unread")).ToJsonString());
        using var woken = await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("forever", (string?)Assert.Single((await woken.ReadObjectAsync())["conversations"]!.AsArray())!["muted_until"]);
    }

    [Theory]
    [InlineData("""{"muted_until":"soon"}""", "muted_until")]
    [InlineData("""{"muted_until":"2026-01-01T00:00:00"}""", "muted_until")]
    [InlineData("""{"muted_until":"2026-13-01T00:00:00Z"}""", "muted_until")]
    [InlineData("""{"muted_until":5}""", "muted_until")]
    [InlineData("""{"pinned":null}""", "pinned")]
    [InlineData("""{"archived":"yes"}""", "archived")]
    public async Task Bad_settings_are_refused(string body, string member)
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/merge-patch+json");

        using var answer = await asAda.PatchAsync($"/api/chats/{id}/settings", content);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    private static async Task<JsonObject> PatchAsync(HttpClient client, string kind, Guid id, object patch)
    {
        using var answer = await client.PatchAsJsonAsync($"/api/{kind}/{id}/settings", patch);
        return await answer.ReadObjectAsync();
    }
}
