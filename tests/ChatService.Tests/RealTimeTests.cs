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

    private static Task<JsonObject[]> ExpectAsync(IEnumerable<HubClient> devices, string what) => Task.WhenAll(devices.Select(device => device.ExpectAsync(what)));
}
