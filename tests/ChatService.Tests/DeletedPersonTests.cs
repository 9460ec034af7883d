using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class DeletedPersonTests(TwoInstances chat)
{
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
}
