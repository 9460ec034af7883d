using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What devices are told, and when.</summary>
public sealed class RealTimeTests(TwoInstances chat)
{
    [Fact]
    public async Task A_message_reaches_every_device_of_every_member_on_every_instance_however_it_was_sent()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var sender = await chat.ConnectAsync(ada);
        await using var adasOther = await chat.ConnectAsync(ada, toOther: true);
        await using var bobsPhone = await chat.ConnectAsync(bob);
        await using var bobsTablet = await chat.ConnectAsync(bob, toOther: true);
        await using var stranger = await chat.ConnectAsync(TestUser.New(), toOther: true);

        var byHub = await sender.InvokeAsync("SendMessage", new { chat_id = id, content = "by hub", client_message_id = Guid.CreateVersion7() });
        var byRest = await asAda.SayAsync($"chats/{id}", "by REST");

        foreach (var device in new[] { sender, adasOther, bobsPhone, bobsTablet })
        {
            Assert.Equal(byHub!.ToJsonString(), (await device.ExpectAsync("MessageReceived")).ToJsonString());
            Assert.Equal(byRest.ToJsonString(), (await device.ExpectAsync("MessageReceived")).ToJsonString());
        }

        Assert.DoesNotContain(stranger.SoFar(), told => told.Target == "MessageReceived");
    }

    [Fact]
    public async Task Messages_come_in_order_and_once_when_many_send_at_once_on_both_instances()
    {
        var people = await chat.PeopleAsync(6);
        using var owner = chat.One.As(people[0]);
        var id = await owner.StartGroupAsync(people[1..]);
        await using var here = await chat.ConnectAsync(people[0]);
        await using var there = await chat.ConnectAsync(people[1], toOther: true);

        await Task.WhenAll(people.Select(async (person, number) =>
        {
            using var client = (number % 2 == 0 ? chat.One : chat.Other).As(person);
            await Task.WhenAll(Enumerable.Range(0, 50).Select(count => client.SayAsync($"groups/{id}", $"{number}.{count}")));
        }));

        foreach (var device in new[] { here, there })
        {
            for (var seq = 1; seq <= 300; seq++)
            {
                Assert.Equal(seq, (int)(await device.ExpectAsync("MessageReceived"))["seq"]!);
            }
        }
    }

    [Fact]
    public async Task Edits_deletions_and_reading_are_told_on_both_instances()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var here = await chat.ConnectAsync(bob);
        await using var there = await chat.ConnectAsync(ada, toOther: true);
        var message = await asAda.SayAsync($"chats/{id}", "helo");
        var path = $"/api/chats/{id}/messages/{message["id"]}";

        HubClient[] devices = [here, there];

        // One after the other: of changes that come at once a device that is catching up is told the last.
        await ExpectAsync(devices, "MessageReceived");
        using var edited = await asAda.PatchAsJsonAsync(path, new { content = "hello" });
        var updates = await ExpectAsync(devices, "MessageUpdated");
        await here.InvokeAsync("MarkRead", new { chat_id = id, message_id = (Guid)message["id"]! });
        var reads = await ExpectAsync(devices, "ConversationRead");
        using var deleted = await asAda.DeleteAsync(path);
        var deletions = await ExpectAsync(devices, "MessageDeleted");

        Assert.All(updates, updated => Assert.Equal("hello", (string?)updated["content"]));
        Assert.All(reads, read =>
        {
            Assert.Equal(["chat_id", "user_id", "message_id", "seq"], read.Select(member => member.Key));
            Assert.Equal((1, bob.Id), ((long)read["seq"]!, (Guid)read["user_id"]!));
        });
        Assert.All(deletions, told => Assert.Null(told["content"]));
    }

    [Fact]
    public async Task Read_markers_never_walk_backwards_on_the_wire()
    {
        const int messages = 120;
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.One.As(bob);
        using var asBobElsewhere = chat.Other.As(bob);
        var id = await asAda.StartChatAsync(bob);
        var said = new List<JsonObject>();
        for (var number = 0; number < messages; number++)
        {
            said.Add(await asAda.SayAsync($"chats/{id}", $"number {number}"));
        }

        var devices = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => chat.ConnectAsync(number % 3 == 0 ? bob : ada, toOther: number % 2 == 0)));
        foreach (var read in said.Chunk(4))
        {
            await Task.WhenAll(read.Select((message, number) => (number % 2 == 0 ? asBob : asBobElsewhere).ReadAsync($"chats/{id}", message)));
        }

        foreach (var device in devices)
        {
            await device.ExpectAsync("ConversationRead", read => (Guid)read["message_id"]! == (Guid)said[^1]["id"]!);
            var told = device.SoFar().Where(told => told.Target == "ConversationRead")
                .Select(told => said.FindIndex(message => (Guid)message["id"]! == (Guid)told.Argument["message_id"]!)).ToList();
            Assert.Equal(told.Order(), told);
            await device.DisposeAsync();
        }
    }

    [Fact]
    public async Task Typing_is_told_to_the_others_and_throttled()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var typing = await chat.ConnectAsync(ada);
        await using var watching = await chat.ConnectAsync(bob, toOther: true);
        await using var beside = await chat.ConnectAsync(bob);

        // Nobody catches up on typing: it is told to those who are listening by then.
        await typing.InvokeAsync("SendMessage", new { chat_id = id, content = "ready" });
        await watching.ExpectAsync("MessageReceived");
        await beside.ExpectAsync("MessageReceived");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => typing.InvokeAsync("Typing", new { chat_id = id })));

        await typing.InvokeAsync("SendMessage", new { chat_id = id, content = "done" });

        var told = await watching.ExpectAsync("Typing");
        Assert.Equal(["chat_id", "user_id"], told.Select(member => member.Key));
        await watching.ExpectAsync("MessageReceived");
        Assert.DoesNotContain(watching.SoFar(), other => other.Target == "Typing");
        Assert.DoesNotContain(typing.SoFar(), other => other.Target == "Typing");

        // The instance's own notices come back to it before the other's answer, and are not told again.
        await watching.InvokeAsync("SendMessage", new { chat_id = id, content = "seen" });
        await beside.ExpectAsync("Typing");
        await beside.ExpectAsync("MessageReceived");
        await beside.ExpectAsync("MessageReceived");
        Assert.DoesNotContain(beside.SoFar(), other => other.Target == "Typing");
    }

    [Fact]
    public async Task The_hub_refuses_as_rest_does_and_goes_on()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await chat.ConnectAsync(ada);

        async Task RefusedAsync(string method, object? argument, string code) =>
            Assert.StartsWith($"{code}: ", (await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync(method, argument))).Message, StringComparison.Ordinal);

        await RefusedAsync("SendMessage", new { chat_id = Guid.CreateVersion7(), content = "a" }, "chat_not_found");
        await RefusedAsync("SendMessage", new { group_id = Guid.CreateVersion7(), content = "a" }, "group_not_found");
        await RefusedAsync("SendMessage", new { chat_id = id, content = " " }, "validation_failed");
        await RefusedAsync("SendMessage", new { chat_id = id, content = "a\0b" }, "validation_failed");
        await RefusedAsync("SendMessage", new { chat_id = id, content = new string('a', 4001) }, "validation_failed");
        await RefusedAsync("SendMessage", new { chat_id = id, group_id = id, content = "a" }, "validation_failed");
        await RefusedAsync("SendMessage", new { content = "a" }, "validation_failed");
        await RefusedAsync("SendMessage", null, "validation_failed");
        await RefusedAsync("Typing", new { chat_id = Guid.CreateVersion7() }, "chat_not_found");
        await RefusedAsync("MarkRead", new { chat_id = id, message_id = Guid.CreateVersion7() }, "message_not_found");
        await RefusedAsync("Renew", "nonsense", "unauthenticated");

        // What cannot even be read is refused in the same way.
        async Task RawRefusedAsync(string method, string argument) =>
            Assert.StartsWith("validation_failed: ", (await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeRawAsync(method, argument))).Message, StringComparison.Ordinal);

        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"{{new string('x', 40_000)}}"}""");
        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"\ud83d"}""");
        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":5}""");
        await RawRefusedAsync("SendMessage", """{"chat_id":"nonsense","content":"a"}""");
        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"a","client_message_id":"nonsense"}""");
        await RawRefusedAsync("SendMessage", """["a"]""");
        await RawRefusedAsync("SendMessage", "5");
        await RawRefusedAsync("Typing", """{"chat_id":true}""");
        await RawRefusedAsync("MarkRead", $$"""{"chat_id":"{{id}}","message_id":[]}""");
        await RawRefusedAsync("Renew", "5");
        await RawRefusedAsync("Renew", "null");
        await RawRefusedAsync("Renew", "\"\\ud83d\"");
        await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("Nonsense", new { }));

        Assert.Equal(1, (int)(await device.InvokeAsync("SendMessage", new { chat_id = id, content = "still here" }))!["seq"]!);

        // The largest that is allowed, in its longest spelling.
        var longest = string.Concat(Enumerable.Repeat("\\u00df", 4000));
        Assert.Equal(2, (int)(await device.InvokeRawAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"{{longest}}{{new string(' ', 20_000)}}"}"""))!["seq"]!);
    }

    [Fact]
    public async Task The_same_client_message_id_by_hub_and_rest_is_one_message_told_once()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.Other.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await chat.ConnectAsync(ada);
        var clientMessageId = Guid.CreateVersion7();

        var first = await device.InvokeAsync("SendMessage", new { chat_id = id, content = "once", client_message_id = clientMessageId });
        using var again = await asAda.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "once", client_message_id = clientMessageId });
        await asAda.SayAsync($"chats/{id}", "next");

        Assert.Equal(first!.ToJsonString(), (await again.ReadObjectAsync()).ToJsonString());
        Assert.Equal(1, (int)(await device.ExpectAsync("MessageReceived"))["seq"]!);
        Assert.Equal(2, (int)(await device.ExpectAsync("MessageReceived"))["seq"]!);
    }

    [Fact]
    public async Task Coming_into_a_group_and_out_of_it_is_told_and_ends_delivery_at_once()
    {
        var people = await chat.PeopleAsync(3);
        using var owner = chat.One.As(people[0]);
        await using var newcomer = await chat.ConnectAsync(people[2], toOther: true);
        var id = await owner.StartGroupAsync(people[1]);
        await owner.SayAsync($"groups/{id}", "before");

        using var added = await owner.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[2].Id } });
        await owner.SayAsync($"groups/{id}", "while in");
        Assert.Equal(id, (Guid)(await newcomer.ExpectAsync("GroupChanged"))["id"]!);
        Assert.Equal("while in", (string?)(await newcomer.ExpectAsync("MessageReceived"))["content"]);

        using var removed = await owner.DeleteAsync($"/api/groups/{id}/participants/{people[2].Id}");
        await owner.SayAsync($"groups/{id}", "after");
        Assert.Equal(id, (Guid)(await newcomer.ExpectAsync("RemovedFromGroup"))["group_id"]!);

        // Something later has come, so the message would have come before.
        await owner.StartChatAsync(people[2]);
        using var back = await owner.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[2].Id } });
        await newcomer.ExpectAsync("GroupChanged");
        Assert.DoesNotContain(newcomer.SoFar(), told => told.Target == "MessageReceived");
    }

    [Fact]
    public async Task A_deleted_user_leaves_everything_and_what_they_said_stays()
    {
        var people = await chat.PeopleAsync(3);
        var (gone, peer, third) = (people[0], people[1], people[2]);
        using var asGone = chat.One.As(gone);
        using var asPeer = chat.Other.As(peer);
        var chatId = await asGone.StartChatAsync(peer);
        var groupId = await asGone.StartGroupAsync(peer, third);
        await asGone.SayAsync($"chats/{chatId}", "I was here");
        await asGone.SayAsync($"groups/{groupId}", "and here");
        await using var device = await chat.ConnectAsync(gone, toOther: true);

        await chat.DeleteAsync(gone);
        await chat.DeleteAsync(gone);

        Assert.True(await device.Closed.WaitAsync(TimeSpan.FromSeconds(5)));
        var left = await Eventually.GetAsync(async () =>
            await asPeer.GetObjectAsync($"/api/groups/{groupId}") is var group && group["participants"]!.AsArray().Count == 2 ? group : null);
        Assert.Equal(peer.Id, (Guid)left["owner_id"]!);
        Assert.Equal("and here", (string?)Assert.Single(await asPeer.ListAsync($"/api/groups/{groupId}/messages"))["content"]);

        var shown = await asPeer.GetObjectAsync($"/api/chats/{chatId}");
        Assert.Equal(
            $$"""{"id":"{{gone.Id}}","username":null,"first_name":null,"last_name":null,"profile_image":null,"deleted":true}""", shown["peer"]!.ToJsonString());
        Assert.Equal("I was here", (string?)Assert.Single(await asPeer.ListAsync($"/api/chats/{chatId}/messages"))["content"]);
        await (await asPeer.PostAsJsonAsync($"/api/chats/{chatId}/messages", new { content = "hello?" })).IsProblemAsync(HttpStatusCode.Conflict, "peer_deleted");
        await (await asGone.PostAsJsonAsync($"/api/chats/{chatId}/messages", new { content = "back" })).IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await (await asPeer.PostAsJsonAsync($"/api/groups/{groupId}/participants", new { user_ids = new[] { gone.Id } })).IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        using var asThird = chat.One.As(third);
        await (await asThird.PostAsJsonAsync("/api/chats", new { user_id = gone.Id })).IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");

        // A late event brings nothing back.
        await chat.PublishCreatedAsync(gone);
        Assert.True((bool)(await asPeer.GetObjectAsync($"/api/chats/{chatId}"))["peer"]!["deleted"]!);
    }

    private static Task<JsonObject[]> ExpectAsync(IEnumerable<HubClient> devices, string what) => Task.WhenAll(devices.Select(device => device.ExpectAsync(what)));
}
