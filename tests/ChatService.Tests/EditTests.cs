using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class EditTests(TwoInstances chat)
{
    [Fact]
    public async Task A_sender_edits_and_deletes_and_nobody_else_does()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var id = await asAda.StartChatAsync(bob);
        var message = await asAda.SayAsync($"chats/{id}", "helo");
        var path = $"/api/chats/{id}/messages/{message["id"]}";

        using var foreignEdit = await asBob.PatchAsJsonAsync(path, new { content = "mine" });
        using var foreignDelete = await asBob.DeleteAsync(path);
        using var edit = await asAda.PatchAsJsonAsync(path, new { content = "hello" });
        var edited = await edit.ReadObjectAsync();
        using var invalid = await asAda.PatchAsJsonAsync(path, new { content = (string?)null });
        using var delete = await asAda.DeleteAsync(path);
        using var again = await asAda.DeleteAsync(path);
        using var late = await asAda.PatchAsJsonAsync(path, new { content = "back" });
        using var unknown = await asAda.DeleteAsync($"/api/chats/{id}/messages/{Guid.CreateVersion7()}");

        await foreignEdit.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_sender");
        await foreignDelete.IsProblemAsync(HttpStatusCode.Forbidden, "not_the_sender");
        Assert.Equal("hello", (string?)edited["content"]);
        Assert.NotNull(edited["edited_at"]);
        await invalid.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        await late.IsProblemAsync(HttpStatusCode.Conflict, "message_deleted");
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "message_not_found");

        // It stays in place, without its words.
        var left = Assert.Single(await asBob.ListAsync($"/api/chats/{id}/messages"));
        Assert.Equal(1, (int)left["seq"]!);
        Assert.Null(left["content"]);
        Assert.NotNull(left["deleted_at"]);
    }

    [Fact]
    public async Task An_empty_patch_and_the_same_text_change_nothing_and_are_no_news()
    {
        var (ada, bob) = await chat.PairAsync();
        using var client = chat.One.As(ada);
        var id = await client.StartChatAsync(bob);
        await using var device = await chat.ConnectAsync(bob);
        var message = await client.SayAsync($"chats/{id}", "one");
        var path = $"/api/chats/{id}/messages/{message["id"]}";

        using var empty = await client.PatchAsJsonAsync(path, new { });
        using var unknown = await client.PatchAsJsonAsync(path, new { nothing = "of ours" });
        using var same = await client.PatchAsJsonAsync(path, new { content = " one " });
        await client.SayAsync($"chats/{id}", "two");

        foreach (var answer in new[] { empty, unknown, same })
        {
            Assert.Equal(message.ToJsonString(), (await answer.ReadObjectAsync()).ToJsonString());
        }

        await device.ExpectAsync("MessageReceived", received => (long)received["seq"]! == 2);
        Assert.DoesNotContain(device.SoFar(), told => told.Target == "MessageUpdated");
    }

    [Fact]
    public async Task An_empty_patch_beside_an_edit_never_undoes_it()
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;
        for (var round = 0; round < 40; round++)
        {
            var message = await client.SayAsync($"chats/{id}", "as sent");
            var path = $"/api/chats/{id}/messages/{message["id"]}";

            await Task.WhenAll(
                client.PatchAsJsonAsync(path, new { }), client.PatchAsJsonAsync(path, new { }),
                client.PatchAsJsonAsync(path, new { content = "edited" }), client.PatchAsJsonAsync(path, new { }));

            Assert.Equal("edited", (string?)(await client.GetObjectAsync(path))["content"]);
        }
    }

    [Fact]
    public async Task If_match_guards_an_edit_and_a_deletion()
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;
        var message = await client.SayAsync($"chats/{id}", "one");
        var path = $"/api/chats/{id}/messages/{message["id"]}";
        using var seen = await client.GetAsync(path);
        using var moved = await client.PatchAsJsonAsync(path, new { content = "two" });
        using var now = await client.GetAsync(path);

        async Task<HttpResponseMessage> Conditional(HttpMethod method, EntityTagHeaderValue tag)
        {
            using var request = new HttpRequestMessage(method, path) { Headers = { IfMatch = { tag } }, Content = JsonContent.Create(new { content = "three" }) };
            return await client.SendAsync(request);
        }

        await (await Conditional(HttpMethod.Patch, seen.Headers.ETag!)).IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        await (await Conditional(HttpMethod.Delete, seen.Headers.ETag!)).IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(HttpStatusCode.OK, (await Conditional(HttpMethod.Patch, now.Headers.ETag!)).StatusCode);
    }
}
