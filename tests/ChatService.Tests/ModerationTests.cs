using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What is reported goes to Identity as it was, with what led to it; what is decided against becomes a deleted message.</summary>
public sealed class ModerationTests(TwoInstances chat)
{
    [Fact]
    public async Task A_reported_message_is_told_with_the_five_before_it_by_those_who_can_see_it()
    {
        var events = await PublishedEvents.ListenAsync(chat.Environment.Broker, "content-reported.v1");
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        using var asEve = chat.One.As(people[2]);
        var id = await asAda.StartChatAsync(people[1]);
        for (var number = 1; number <= 7; number++)
        {
            await asAda.SayAsync($"chats/{id}", $"Message {number}");
        }

        var message = await asAda.SayAsync($"chats/{id}", "Bad");
        var path = $"/api/chats/{id}/messages/{message["id"]}/reports";
        using var reported = await asBob.PostAsJsonAsync(path, new { reason = "harassment" });
        using var again = await asBob.PostAsJsonAsync(path, new { reason = "spam" });
        using var strangers = await asEve.PostAsJsonAsync(path, new { reason = "spam" });
        using var nothing = await asBob.PostAsJsonAsync($"/api/chats/{id}/messages/{Guid.CreateVersion7()}/reports", new { reason = "spam" });

        Assert.Equal(HttpStatusCode.Accepted, reported.StatusCode);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await strangers.IsProblemAsync(HttpStatusCode.NotFound, "chat_not_found");
        await nothing.IsProblemAsync(HttpStatusCode.NotFound, "message_not_found");
        var told = Assert.Single(await events.AboutAsync(people[1].Id))["message"]!;
        Assert.Equal(("chat", "message", id), ((string?)told["service"], (string?)told["type"], (Guid)told["containerId"]!));
        Assert.Equal((people[0].Id, "Bad"), ((Guid)told["authorId"]!, (string?)told["snapshot"]!["content"]));
        Assert.Equal(Enumerable.Range(3, 5).Select(number => $"Message {number}"), told["snapshot"]!["before"]!.AsArray().Select(said => (string?)said!["content"]));
    }

    [Fact]
    public async Task A_removed_message_is_a_deleted_one_for_everybody_also_of_who_has_left()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        var group = await asAda.StartGroupAsync(people[1], people[2]);
        var message = await asBob.SayAsync($"groups/{group}", "Bad");
        using var left = await asBob.DeleteAsync($"/api/groups/{group}/participants/{people[1].Id}");
        await using var device = await chat.ConnectAsync(people[2]);

        var removed = EventDocuments.Example("content-removed.v1");
        removed["type"] = "group_message";
        removed["subjectId"] = (Guid)message["id"]!;
        removed["containerId"] = group;
        for (var i = 0; i < 3; i++)
        {
            await chat.Environment.Broker.PublishAsync("content-removed.v1", removed);
        }

        var told = await device.ExpectAsync("MessageDeleted");
        Assert.Equal((Guid)message["id"]!, (Guid)told["id"]!);
        Assert.Null(told["content"]);
        var shown = await asAda.GetObjectAsync($"/api/groups/{group}/messages/{message["id"]}");
        Assert.Equal(1, (int?)shown["change"]);
        using var late = await asAda.PostAsJsonAsync($"/api/groups/{group}/messages/{message["id"]}/reports", new { reason = "spam" });
        await late.IsProblemAsync(HttpStatusCode.Conflict, "message_deleted");
    }
}
