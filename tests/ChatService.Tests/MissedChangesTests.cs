using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>A device that comes back and asks each conversation for what changed.</summary>
public sealed class MissedChangesTests(TwoInstances chat)
{
    [Theory]
    [InlineData("chats")]
    [InlineData("groups")]
    public async Task A_device_that_comes_back_equals_the_server_edits_and_deletions_included(string kind)
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var path = $"/api/{kind}/{(kind == "chats" ? await asAda.StartChatAsync(bob) : await asAda.StartGroupAsync(bob))}/messages";
        var messages = new List<JsonObject>();
        for (var number = 0; number < 12; number++)
        {
            messages.Add(await asAda.SayAsync(path["/api/".Length..^"/messages".Length], $"number {number}"));
        }

        using var edit = await asAda.PatchAsJsonAsync($"{path}/{messages[0]["id"]}", new { content = "before it left" });
        var store = new Store();
        await store.CatchUpAsync(asBob, path);
        Assert.Equal(1, (long?)store.Messages[1]["change"]);
        Assert.Null(store.Messages[2]["change"]);

        for (var number = 2; number < 11; number++)
        {
            using var changed = number % 3 == 0
                ? await asAda.DeleteAsync($"{path}/{messages[number]["id"]}")
                : await asAda.PatchAsJsonAsync($"{path}/{messages[number]["id"]}", new { content = $"edited {number}" });
            Assert.True(changed.IsSuccessStatusCode);
        }

        using var again = await asAda.PatchAsJsonAsync($"{path}/{messages[2]["id"]}", new { content = "edited twice" });
        await asAda.SayAsync(path["/api/".Length..^"/messages".Length], "new");
        await store.CatchUpAsync(asBob, path);

        var server = await asBob.ListAsync($"{path}?limit=100");
        Assert.Equal(server.Reverse().Select(message => message.ToJsonString()), store.Messages.Values.Select(message => message.ToJsonString()));
    }

    [Fact]
    public async Task Changed_messages_come_in_the_order_of_their_changes_and_an_edit_tells_its_number()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await chat.ConnectAsync(bob, toOther: true);
        var first = await asAda.SayAsync($"chats/{id}", "one");
        var second = await asAda.SayAsync($"chats/{id}", "two");

        using var editSecond = await asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{second["id"]}", new { content = "2" });
        using var deleteFirst = await asAda.DeleteAsync($"/api/chats/{id}/messages/{first["id"]}");

        Assert.Equal(1, (long?)(await editSecond.ReadObjectAsync())["change"]);
        Assert.Equal(1, (long?)(await device.ExpectAsync("MessageUpdated"))["change"]);
        Assert.Equal(2, (long?)(await device.ExpectAsync("MessageDeleted"))["change"]);
        Assert.Equal([2, 1], (await asAda.ListAsync($"/api/chats/{id}/messages?changed_after=0")).Seqs());
        Assert.Equal([1], (await asAda.ListAsync($"/api/chats/{id}/messages?changed_after=1")).Seqs());
        Assert.Empty(await asAda.ListAsync($"/api/chats/{id}/messages?changed_after=2"));
    }

    [Theory]
    [InlineData("changed_after=-1", "changed_after")]
    [InlineData("changed_after=nonsense", "changed_after")]
    [InlineData("changed_after=99999999999999999999", "changed_after")]
    [InlineData("changed_after=0&after=00000000-0000-0000-0000-000000000000", "changed_after")]
    [InlineData("changed_after=0&before=00000000-0000-0000-0000-000000000001", "changed_after")]
    public async Task Bad_numbers_of_changes_are_refused(string query, string member)
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);

        using var answer = await asAda.GetAsync($"/api/chats/{id}/messages?{query}");

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    /// <summary>What a device keeps, by the rule of docs/chat-protocol.md.</summary>
    private sealed class Store
    {
        private long _changes;

        public SortedDictionary<long, JsonObject> Messages { get; } = [];

        public async Task CatchUpAsync(HttpClient client, string path)
        {
            var last = Messages.Count == 0 ? Guid.Empty : (Guid)Messages.Values.Last()["id"]!;
            await TakeAsync(client, $"{path}?limit=4", $"&after={last}");
            await TakeAsync(client, $"{path}?limit=4", $"&changed_after={_changes}");
            _changes = Messages.Values.Max(message => (long?)message["change"] ?? 0);
        }

        private async Task TakeAsync(HttpClient client, string path, string place)
        {
            for (var next = place; next is not null;)
            {
                var page = await client.GetObjectAsync(path + next);
                foreach (var message in page["items"]!.AsArray().Select(message => message!.AsObject()))
                {
                    Messages[(long)message["seq"]!] = message;
                }

                next = page["next_cursor"] is { } cursor ? $"&cursor={cursor}" : null;
            }
        }
    }
}
