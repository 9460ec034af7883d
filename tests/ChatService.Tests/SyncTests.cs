using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>A device that comes back after a while.</summary>
public sealed class SyncTests(TwoInstances chat)
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

    [Fact]
    public async Task A_request_that_waits_is_answered_when_something_differs_wherever_it_came_from()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var store = new DeviceStore();
        await store.SyncAsync(asBob);

        var started = await WokenAsync(() => asAda.StartChatAsync(bob));
        var id = (Guid)Assert.Single(started["conversations"]!.AsArray())!["id"]!;
        var said = await WokenAsync(() => asAda.SayAsync($"chats/{id}", "hello"));
        var message = Assert.Single(said["messages"]!.AsArray())!;
        var edited = await WokenAsync(() => asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{message["id"]}", new { content = "hello again" }));
        var read = await WokenAsync(() => asAda.ReadAsync($"chats/{id}", message));

        Assert.Equal("hello again", (string?)Assert.Single(edited["changed"]!.AsArray())!["content"]);
        Assert.Equal(ada.Id, (Guid)Assert.Single(read["read"]!.AsArray())!["user_id"]!);

        async Task<JsonObject> WokenAsync(Func<Task> act)
        {
            var waiting = asBob.PostAsJsonAsync("/api/sync", new { known = store.Known(), wait = 25 });
            var early = await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300)));
            Assert.NotSame(waiting, early);
            await act();
            using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(10));
            var found = await answer.ReadObjectAsync();
            store.Take(found);
            return found;
        }
    }

    [Fact]
    public async Task Where_nothing_differs_the_wait_ends_with_nothing()
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);

        using var answer = await asAda.PostAsJsonAsync("/api/sync", new { wait = 1 });

        Assert.Empty((await answer.ReadObjectAsync())["conversations"]!.AsArray());
    }

    [Fact]
    public async Task Only_so_many_requests_of_one_user_wait_and_a_session_that_ends_is_told_nothing()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.One.As(bob);
        var waiting = Enumerable.Range(0, 11).Select(_ => asBob.PostAsJsonAsync("/api/sync", new { wait = 25 })).ToList();

        var first = await Task.WhenAny(waiting);
        waiting.Remove(first);
        using var refused = await first;
        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "too_many_waiting");
        Assert.NotNull(refused.Headers.RetryAfter);
        var revoked = EventDocuments.Example("session-revoked.v1");
        revoked["sessionId"] = bob.SessionId;
        revoked["expiresAt"] = TimeProvider.System.GetUtcNow().AddMinutes(15);
        await chat.Environment.Broker.PublishAsync("session-revoked.v1", revoked);
        await Eventually.TrueAsync(async () => (await asBob.GetAsync("/api/unread")).StatusCode == HttpStatusCode.Unauthorized);
        await asAda.StartChatAsync(bob);

        foreach (var answer in await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(10)))
        {
            await answer.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task An_instance_that_is_told_to_stop_answers_those_who_wait()
    {
        var (ada, _) = await chat.PairAsync();
        var instance = new ServiceHost<Program>(chat.Environment);
        await instance.InitializeAsync();
        using var asAda = instance.As(ada);
        var waiting = asAda.PostAsJsonAsync("/api/sync", new { wait = 25 });
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300))));

        var stopping = instance.DisposeAsync();

        using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stopping;
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

    [Fact]
    public async Task Devices_are_told_what_is_unread_when_it_changes()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        await using var device = await chat.ConnectAsync(bob, toOther: true);
        await device.ExpectAsync("UnreadChanged", told => (int)told["messages"]! == 0);
        var id = await asAda.StartChatAsync(bob);

        var said = await asAda.SayAsync($"chats/{id}", "hello");
        var told = await device.ExpectAsync("UnreadChanged", told => (int)told["messages"]! == 1);
        await asBob.ReadAsync($"chats/{id}", said);

        Assert.Equal("""{"messages":1,"conversations":1,"notifications":0,"badge":1}""", told.ToJsonString());
        await device.ExpectAsync("UnreadChanged", told => (int)told["messages"]! == 0);
    }

    [Fact]
    public async Task A_lean_connection_is_told_in_few_words_what_became_of_a_group()
    {
        var people = await chat.PeopleAsync(4);
        using var asAda = chat.One.As(people[0]);
        await using var lean = await TwoInstances.ConnectAsync(chat.Other, people[1], "&lean=true");
        var id = await asAda.StartGroupAsync(people[1..3]);
        var started = await lean.ExpectAsync("GroupChanged");

        using var join = await asAda.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[3].Id } });
        var joined = await lean.ExpectAsync("GroupChanged");
        using var role = await asAda.PutAsJsonAsync($"/api/groups/{id}/participants/{people[3].Id}/role", new { role = "admin" });
        var promoted = await lean.ExpectAsync("GroupChanged");
        using var leave = await asAda.DeleteAsync($"/api/groups/{id}/participants/{people[2].Id}");
        var left = await lean.ExpectAsync("GroupChanged");

        Assert.Null(started["joined"]);
        Assert.Equal(["group_id", "revision", "participant_count", "joined", "left", "role_changed"], joined.Select(member => member.Key));
        Assert.Equal((id, 4), ((Guid)joined["group_id"]!, (int)joined["participant_count"]!));
        Assert.Equal([people[3].Id], joined["joined"]!.AsArray().Select(user => (Guid)user!));
        Assert.Equal([people[3].Id], promoted["role_changed"]!.AsArray().Select(user => (Guid)user!));
        Assert.Equal([people[2].Id], left["left"]!.AsArray().Select(user => (Guid)user!));
        using var asBob = chat.One.As(people[1]);
        Assert.Equal((string?)(await asBob.FindInListAsync("groups", id))["revision"], (string?)left["revision"]);
    }

    private static async Task<JsonObject> SyncAsync(HttpClient client, DeviceStore? store = null)
    {
        using var answer = await client.PostAsJsonAsync("/api/sync", new { known = store?.Known() ?? [] });
        var found = await answer.ReadObjectAsync();
        store?.Take(found);
        return found;
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
