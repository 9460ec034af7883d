using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>A device that comes back after a while.</summary>
public sealed class SyncTests(TwoInstances chat)
{
    [Fact]
    public async Task One_request_brings_what_is_new_as_lists_show_it()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        var chatId = await asAda.StartChatAsync(people[1]);
        var groupId = await asAda.StartGroupAsync(people[1..]);
        var said = await asAda.SayAsync($"chats/{chatId}", "hello");
        await asBob.ReadAsync($"chats/{chatId}", said);

        var answer = await SyncAsync(asAda);

        Assert.Equal(["conversations", "messages", "changed", "gone", "read", "unread", "server_time", "more"], answer.Select(member => member.Key));
        Assert.Equal([chatId, groupId], answer["conversations"]!.AsArray().Select(item => (Guid)item!["id"]!));
        foreach (var (shown, listed) in answer["conversations"]!.AsArray().Zip([
            await asAda.FindInListAsync("chats", chatId), Assert.Single(await asAda.ListAsync("/api/groups?participants=none"))]))
        {
            Assert.All(listed, member => Assert.True(JsonNode.DeepEquals(member.Value, shown![member.Key]), member.Key));
        }

        Assert.Equal(said.ToJsonString(), Assert.Single(answer["messages"]!.AsArray())!.ToJsonString());
        Assert.Equal(
            new JsonObject { ["chat_id"] = chatId, ["user_id"] = people[1].Id, ["message_id"] = (Guid)said["id"]!, ["seq"] = 1 }.ToJsonString(),
            Assert.Single(answer["read"]!.AsArray())!.ToJsonString());
        Assert.Equal((await asAda.GetObjectAsync("/api/unread")).ToJsonString(), answer["unread"]!.ToJsonString());
        Assert.False((bool)answer["more"]!);
    }

    [Fact]
    public async Task Who_knows_all_is_told_nothing_and_then_only_what_differs()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        var (chatId, groupId) = (await asAda.StartChatAsync(people[1]), await asAda.StartGroupAsync(people[1..]));
        var first = await asAda.SayAsync($"groups/{groupId}", "one");
        await asAda.SayAsync($"chats/{chatId}", "two");
        var store = new DeviceStore();
        await store.SyncAsync(asAda);

        var nothing = await SyncAsync(asAda, store);
        using var edit = await asAda.PatchAsJsonAsync($"/api/groups/{groupId}/messages/{first["id"]}", new { content = "1" });
        var something = await SyncAsync(asAda, store);

        Assert.All(["conversations", "messages", "changed", "gone", "read"], member => Assert.Empty(nothing[member]!.AsArray()));
        Assert.Equal(groupId, (Guid)Assert.Single(something["conversations"]!.AsArray())!["id"]!);
        Assert.Equal("1", (string?)Assert.Single(something["changed"]!.AsArray())!["content"]);
        Assert.Empty(something["messages"]!.AsArray());
        Assert.Empty(something["read"]!.AsArray());
    }

    [Fact]
    public async Task What_is_too_much_for_one_answer_comes_with_the_next()
    {
        var people = await chat.PeopleAsync(12);
        using var asAda = chat.One.As(people[0]);
        var ids = await Task.WhenAll(people[1..].Select(asAda.StartChatAsync));
        await Task.WhenAll(ids.Select(async (id, index) =>
        {
            for (var number = 0; number < (index == 0 ? 53 : 47); number++)
            {
                await asAda.SayAsync($"chats/{id}", $"number {number}");
            }
        }));
        var store = new DeviceStore();

        var first = await SyncAsync(asAda, store);
        await store.SyncAsync(asAda);

        Assert.Equal(500, first["messages"]!.AsArray().Count);
        Assert.Equal(11, first["conversations"]!.AsArray().Count);
        Assert.True((bool)first["more"]!);
        Assert.InRange(first["messages"]!.AsArray().Count(message => (Guid)message!["chat_id"]! == ids[0]), 0, 50);
        Assert.InRange(store.Requests, 1, 2);
        Assert.Empty(await store.DifferencesAsync(asAda));
    }

    [Fact]
    public async Task Of_what_is_not_ones_own_nothing_is_told_but_that_it_is_gone()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asCora = chat.Other.As(people[2]);
        var (chatId, groupId, left) = (await asAda.StartChatAsync(people[1]), await asAda.StartGroupAsync(people[1]), await asAda.StartGroupAsync(people[1..]));
        await asAda.SayAsync($"chats/{chatId}", "secret");
        var store = new DeviceStore();
        await store.SyncAsync(asCora);
        using var leave = await asCora.DeleteAsync($"/api/groups/{left}/participants/{people[2].Id}");
        object[] foreign = [.. store.Known(), new { chat_id = chatId }, new { group_id = groupId, seq = 5 }, new { group_id = Guid.CreateVersion7() }, new { group_id = chatId }];

        using var response = await asCora.PostAsJsonAsync("/api/sync", new { known = foreign });

        var answer = await response.ReadObjectAsync();
        Assert.Equal(5, answer["gone"]!.AsArray().Count);
        Assert.Contains(left, answer["gone"]!.AsArray().Select(id => (Guid)id!));
        Assert.All(["conversations", "messages", "changed", "read"], member => Assert.Empty(answer[member]!.AsArray()));
    }

    [Theory]
    [InlineData("""{"known":[{}]}""", "known[0]")]
    [InlineData("""{"known":[null]}""", "known[0]")]
    [InlineData("""{"known":[{"chat_id":"00000000-0000-0000-0000-000000000001","group_id":"00000000-0000-0000-0000-000000000001"}]}""", "known[0]")]
    [InlineData("""{"known":[{"chat_id":"00000000-0000-0000-0000-000000000001"},{"chat_id":"00000000-0000-0000-0000-000000000001"}]}""", "known[1]")]
    [InlineData("""{"known":[{"chat_id":"00000000-0000-0000-0000-000000000001","seq":-1}]}""", "known[0].seq")]
    [InlineData("""{"known":[{"chat_id":"nonsense"}]}""", "known[0]", "known[0].chat_id")]
    [InlineData("""{"known":{}}""", "known")]
    [InlineData("""{"wait":26}""", "wait")]
    [InlineData("""{"wait":-1}""", "wait")]
    public async Task What_a_device_cannot_know_is_refused(string body, params string[] members)
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await asAda.PostAsync("/api/sync", content);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", members);
    }

    [Fact]
    public async Task A_device_knows_at_most_a_thousand_conversations()
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);

        using var most = await asAda.PostAsJsonAsync("/api/sync", new { known = Enumerable.Range(0, 1_000).Select(_ => new { chat_id = Guid.CreateVersion7() }) });
        using var tooMany = await asAda.PostAsJsonAsync("/api/sync", new { known = Enumerable.Range(0, 1_001).Select(_ => new { chat_id = Guid.CreateVersion7() }) });

        Assert.Equal(1_000, (await most.ReadObjectAsync())["gone"]!.AsArray().Count);
        await tooMany.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "known");
    }

    private static async Task<JsonObject> SyncAsync(HttpClient client, DeviceStore? store = null)
    {
        using var answer = await client.PostAsJsonAsync("/api/sync", new { known = store?.Known() ?? [] });
        var found = await answer.ReadObjectAsync();
        store?.Take(found);
        return found;
    }
}
