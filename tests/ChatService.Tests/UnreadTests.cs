using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class UnreadTests(TwoInstances chat)
{
    [Theory]
    [InlineData("chats")]
    [InlineData("groups")]
    public async Task A_message_taken_back_before_it_was_read_is_not_unread(string kind)
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var id = kind == "chats" ? await asAda.StartChatAsync(bob) : await asAda.StartGroupAsync(bob);
        async Task<int> UnreadAsync(HttpClient client) => (int)(await client.FindInListAsync(kind, id))["unread_count"]!;
        async Task TakeBackAsync(HttpClient client, JsonObject message)
        {
            using var answer = await client.DeleteAsync($"/api/{kind}/{id}/messages/{message["id"]}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        var read = await asAda.SayAsync($"{kind}/{id}", "read");
        var first = await asAda.SayAsync($"{kind}/{id}", "taken back");
        var own = await asBob.SayAsync($"{kind}/{id}", "of one's own");
        var second = await asAda.SayAsync($"{kind}/{id}", "stays");
        await asBob.ReadAsync($"{kind}/{id}", read);
        Assert.Equal(2, await UnreadAsync(asBob));

        await TakeBackAsync(asAda, first);
        await TakeBackAsync(asBob, own);
        Assert.Equal(1, await UnreadAsync(asBob));

        // What was read when it was taken back makes no difference, nor does taking back twice.
        await TakeBackAsync(asAda, read);
        await TakeBackAsync(asAda, first);
        Assert.Equal(1, await UnreadAsync(asBob));

        await asBob.ReadAsync($"{kind}/{id}", first);
        Assert.Equal(1, await UnreadAsync(asBob));
        await asBob.ReadAsync($"{kind}/{id}", second);
        Assert.Equal(0, await UnreadAsync(asBob));
        Assert.Equal(0, await UnreadAsync(asAda));
    }

    [Fact]
    public async Task Unread_counts_are_exact_whoever_writes_and_reads_at_once()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var id = await asAda.StartChatAsync(bob);

        // Both write and both read what they wrote, all at once.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            var client = number % 2 == 0 ? asAda : asBob;
            var message = await client.SayAsync($"chats/{id}", $"number {number}");
            if (number % 3 == 0)
            {
                await client.ReadAsync($"chats/{id}", message);
            }
        }));

        var messages = await asAda.ListAsync($"/api/chats/{id}/messages?limit=100");
        foreach (var (me, peer, client) in new[] { (ada, bob, asAda), (bob, ada, asBob) })
        {
            var shown = await client.FindInListAsync("chats", id);
            var peerShown = await (client == asAda ? asBob : asAda).GetObjectAsync($"/api/chats/{id}");
            var readUpTo = messages.Single(message => (Guid)message["id"]! == (Guid)peerShown["peer_read_up_to"]!);
            var expected = messages.Count(message => (Guid)message["sender_id"]! == peer.Id && (long)message["seq"]! > (long)readUpTo["seq"]!);
            Assert.Equal(expected, (int)shown["unread_count"]!);
            Assert.Equal((Guid)messages[0]["id"]!, (Guid)shown["last_message"]!["id"]!);
        }

        await asBob.ReadAsync($"chats/{id}", messages[0]);
        Assert.Equal(0, (int)(await asBob.FindInListAsync("chats", id))["unread_count"]!);
    }

    [Fact]
    public async Task Read_markers_never_move_backwards()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.One.As(bob);
        var id = await asAda.StartChatAsync(bob);
        var first = await asAda.SayAsync($"chats/{id}", "one");
        var second = await asAda.SayAsync($"chats/{id}", "two");

        await asBob.ReadAsync($"chats/{id}", second);
        await asBob.ReadAsync($"chats/{id}", first);

        Assert.Equal((Guid)second["id"]!, (Guid)(await asAda.GetObjectAsync($"/api/chats/{id}"))["peer_read_up_to"]!);
        using var unknown = await asBob.PutAsJsonAsync($"/api/chats/{id}/read", new { message_id = Guid.CreateVersion7() });
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "message_not_found");
    }
}
