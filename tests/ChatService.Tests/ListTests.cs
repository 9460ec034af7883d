using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What lists say so that a device knows what it lacks: numbers of messages and changes, the revision of the rest, and counts.</summary>
public sealed class ListTests(TwoInstances chat)
{
    [Fact]
    public async Task Lists_say_where_each_conversation_stands()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var chatId = await asAda.StartChatAsync(bob);
        var groupId = await asAda.StartGroupAsync(bob);
        var before = (Chat: await asAda.FindInListAsync("chats", chatId), Group: await asAda.FindInListAsync("groups", groupId));

        foreach (var path in (string[])[$"chats/{chatId}", $"groups/{groupId}"])
        {
            await asAda.SayAsync(path, "one");
            var second = await asAda.SayAsync(path, "two");
            using var edit = await asAda.PatchAsJsonAsync($"/api/{path}/messages/{second["id"]}", new { content = "2" });
        }

        var after = (Chat: await asAda.FindInListAsync("chats", chatId), Group: await asAda.FindInListAsync("groups", groupId));
        foreach (var (then, now) in (ReadOnlySpan<(JsonObject, JsonObject)>)[(before.Chat, after.Chat), (before.Group, after.Group)])
        {
            Assert.Equal((0, 0), ((long)then["last_seq"]!, (long)then["last_change"]!));
            Assert.Equal((2, 1), ((long)now["last_seq"]!, (long)now["last_change"]!));
            Assert.Equal((string?)then["revision"], (string?)now["revision"]);
        }
    }

    [Fact]
    public async Task A_revision_differs_after_whatever_is_no_message()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        var chatId = await asAda.StartChatAsync(people[1]);
        var groupId = await asAda.StartGroupAsync(people[1]);
        var (inChat, inGroup) = (await asAda.SayAsync($"chats/{chatId}", "a"), await asAda.SayAsync($"groups/{groupId}", "a"));
        var group = $"/api/groups/{groupId}";
        (string List, Func<Task> Change)[] changes =
        [
            ("chats", () => asBob.ReadAsync($"chats/{chatId}", inChat)),
            ("chats", () => asAda.ReadAsync($"chats/{chatId}", inChat)),
            ("groups", () => asBob.ReadAsync($"groups/{groupId}", inGroup)),
            ("groups", () => asAda.ReadAsync($"groups/{groupId}", inGroup)),
            ("groups", () => asAda.PatchAsJsonAsync(group, new { name = "Another" })),
            ("groups", () => asAda.PostAsJsonAsync($"{group}/participants", new { user_ids = new[] { people[2].Id } })),
            ("groups", () => asAda.PutAsJsonAsync($"{group}/participants/{people[2].Id}/role", new { role = "admin" })),
            ("groups", () => asAda.DeleteAsync($"{group}/participants/{people[2].Id}")),
        ];
        var revisions = new HashSet<(string, string?)> { ("chats", await RevisionAsync("chats")), ("groups", await RevisionAsync("groups")) };

        foreach (var (list, change) in changes)
        {
            await change();

            Assert.True(revisions.Add((list, await RevisionAsync(list))));
        }

        async Task<string?> RevisionAsync(string list) => (string?)(await asAda.FindInListAsync(list, list == "chats" ? chatId : groupId))["revision"];
    }

    [Fact]
    public async Task A_list_of_groups_leaves_the_participants_out_on_demand()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        var id = await asAda.StartGroupAsync(people[1..]);

        var whole = Assert.Single(await asAda.ListAsync("/api/groups"));
        var lean = Assert.Single(await asAda.ListAsync("/api/groups?participants=none"));
        using var unknown = await asAda.GetAsync("/api/groups?participants=some");

        Assert.Equal(3, (int)whole["participant_count"]!);
        Assert.Equal(3, (int)(await asAda.GetObjectAsync($"/api/groups/{id}"))["participant_count"]!);
        Assert.Equal(3, whole["participants"]!.AsArray().Count);
        Assert.True(whole.Remove("participants"));
        Assert.True(JsonNode.DeepEquals(whole, lean));
        await unknown.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "participants");
    }

    [Fact]
    public async Task Unread_is_the_sum_over_all_conversations()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        var (chatId, groupId) = (await asAda.StartChatAsync(people[1]), await asAda.StartGroupAsync(people[1..]));
        await asAda.StartChatAsync(people[2]);
        await asBob.ReadNotificationsAsync(1);
        await asAda.SayAsync($"chats/{chatId}", "one");
        var last = await asAda.SayAsync($"groups/{groupId}", "two");
        var taken = await asAda.SayAsync($"groups/{groupId}", "three");
        await asBob.SayAsync($"groups/{groupId}", "mine");

        var unread = await asBob.GetObjectAsync("/api/unread");
        using var delete = await asAda.DeleteAsync($"/api/groups/{groupId}/messages/{taken["id"]}");
        var afterDeletion = await asBob.GetObjectAsync("/api/unread");
        await asBob.ReadAsync($"groups/{groupId}", last);
        var afterReading = await asBob.GetObjectAsync("/api/unread");

        Assert.Equal("""{"messages":3,"conversations":2,"notifications":0,"badge":2}""", unread.ToJsonString());
        Assert.Equal("""{"messages":2,"conversations":2,"notifications":0,"badge":2}""", afterDeletion.ToJsonString());
        Assert.Equal("""{"messages":1,"conversations":1,"notifications":0,"badge":1}""", afterReading.ToJsonString());
    }
}
