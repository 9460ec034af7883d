using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Two of whom one blocks the other.</summary>
public sealed class BlockTests(TwoInstances chat)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_chat_there_is_nothing_is_said_or_edited_but_taken_back(bool callerBlocks)
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        var (path, clientMessageId) = ($"chats/{id}", Guid.CreateVersion7());
        var message = await asAda.SayAsync(path, "Before", clientMessageId);
        await using var device = await chat.ConnectAsync(ada, toOther: true);

        await BlockAsync(callerBlocks ? ada : bob, callerBlocks ? bob : ada);

        await Eventually.TrueAsync(async () => (await TrySayAsync(asAda, path)).StatusCode == HttpStatusCode.Conflict);
        await (await TrySayAsync(asAda, path)).IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        var refused = await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("SendMessage", new { chat_id = id, content = "By hub" }));
        Assert.StartsWith("not_reachable", refused.Message, StringComparison.Ordinal);
        using var edited = await asAda.PatchAsJsonAsync($"/api/{path}/messages/{message["id"]}", new { content = "After" });
        await edited.IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        using var same = await asAda.PatchAsJsonAsync($"/api/{path}/messages/{message["id"]}", new { content = "Before" });
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        using var again = await asAda.PostAsJsonAsync($"/api/{path}/messages", new { content = "Before", client_message_id = clientMessageId });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var there = await asAda.PostAsJsonAsync("/api/chats", new { user_id = bob.Id });
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        using var deleted = await asAda.DeleteAsync($"/api/{path}/messages/{message["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_chat_begins_and_neither_brings_the_other_into_a_group(bool callerBlocks)
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asEve = chat.Other.As(people[2]);
        var own = await asAda.StartGroupAsync(people[2]);

        await BlockAsync(people[callerBlocks ? 0 : 1], people[callerBlocks ? 1 : 0]);

        await Eventually.TrueAsync(async () =>
        {
            using var group = await asAda.PostAsJsonAsync("/api/groups", new { name = "A group", user_ids = new[] { people[1].Id, people[2].Id } });
            return group.StatusCode == HttpStatusCode.Conflict;
        });
        using var chatted = await asAda.PostAsJsonAsync("/api/chats", new { user_id = people[1].Id });
        await chatted.IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        using var added = await asAda.PostAsJsonAsync($"/api/groups/{own}/participants", new { user_ids = new[] { people[1].Id } });
        await added.IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");

        // A third may, and there what is said goes on.
        var common = await asEve.StartGroupAsync(people[0], people[1]);
        await asAda.SayAsync($"groups/{common}", "Hello");
        using var again = await asEve.PostAsJsonAsync($"/api/groups/{common}/participants", new { user_ids = new[] { people[1].Id } });
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Typing_presence_and_read_markers_are_not_passed_on_but_messages_of_common_groups_are()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await asAda.StartChatAsync(people[1]);
        var group = await asAda.StartGroupAsync(people[1], people[2]);
        await BlockAsync(people[0], people[1]);
        await Eventually.TrueAsync(async () =>
        {
            using var other = await asAda.PostAsJsonAsync("/api/groups", new { name = "A group", user_ids = new[] { people[1].Id } });
            return other.StatusCode == HttpStatusCode.Conflict;
        });
        await using var ada = await chat.ConnectAsync(people[0]);
        await using var bob = await chat.ConnectAsync(people[1], toOther: true);
        await using var eve = await chat.ConnectAsync(people[2]);
        await eve.ExpectAsync("PresenceChanged", presence => (Guid)presence["user_id"]! == people[0].Id && (bool)presence["online"]!);

        await ada.InvokeAsync("Typing", new { group_id = group });
        await eve.ExpectAsync("Typing");
        var said = await asAda.SayAsync($"groups/{group}", "Hello");
        await asAda.ReadAsync($"groups/{group}", said);
        await eve.ExpectAsync("ConversationRead");
        await ada.ExpectAsync("ConversationRead");
        await bob.ExpectAsync("MessageReceived");
        using var last = chat.One.As(people[2]);
        await last.SayAsync($"groups/{group}", "Bye");
        await bob.ExpectAsync("MessageReceived", message => (string?)message["content"] == "Bye");

        Assert.DoesNotContain(bob.SoFar(), told => told.Target is "Typing" or "ConversationRead");
        Assert.DoesNotContain(bob.SoFar(), told => told.Target == "PresenceChanged" && (Guid)told.Argument["user_id"]! == people[0].Id);
        Assert.DoesNotContain(ada.SoFar(), told => told.Target == "PresenceChanged" && (Guid)told.Argument["user_id"]! == people[1].Id);
    }

    private static Task<HttpResponseMessage> TrySayAsync(HttpClient client, string path) => client.PostAsJsonAsync($"/api/{path}/messages", new { content = "After" });

    private Task BlockAsync(TestUser blocker, TestUser blocked) => chat.Environment.Broker.PublishBlockAsync("user-blocked.v1", blocker.Id, blocked.Id, 1);
}
