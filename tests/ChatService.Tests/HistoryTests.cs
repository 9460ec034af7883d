using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class HistoryTests(TwoInstances chat)
{
    [Fact]
    public async Task History_is_read_newest_first_backwards_and_what_was_missed_oldest_first_forwards()
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;
        var messages = new List<JsonObject>();
        for (var number = 1; number <= 7; number++)
        {
            messages.Add(await client.SayAsync($"chats/{id}", $"number {number}"));
        }

        var path = $"/api/chats/{id}/messages";
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], (await client.ListAsync(path)).Seqs());
        Assert.Equal([3, 2, 1], (await client.ListAsync($"{path}?before={messages[3]["id"]}")).Seqs());
        Assert.Equal([5, 6, 7], (await client.ListAsync($"{path}?after={messages[3]["id"]}")).Seqs());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], (await client.ListAsync($"{path}?after={Guid.Empty}")).Seqs());
        Assert.Empty(await client.ListAsync($"{path}?after={messages[6]["id"]}"));
        Assert.Equal([2, 3, 4, 5], (await client.ListAsync($"{path}?limit=4&around={messages[3]["id"]}")).Seqs());
        Assert.Equal([1, 2, 3], (await client.ListAsync($"{path}?limit=4&around={messages[0]["id"]}")).Seqs()[..3]);
        Assert.Equal([4], (await client.ListAsync($"{path}?limit=1&around={messages[3]["id"]}")).Seqs());
        Assert.Equal([3, 4, 5, 6, 7], await FollowAsync(client, $"{path}?limit=3&around={messages[3]["id"]}"));
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], await FollowAsync(client, $"{path}?limit=3"));
        Assert.Equal([5, 4, 3, 2, 1], await FollowAsync(client, $"{path}?limit=2&before={messages[5]["id"]}"));
        Assert.Equal([2, 3, 4, 5, 6, 7], await FollowAsync(client, $"{path}?limit=4&after={messages[0]["id"]}"));
    }

    [Theory]
    [InlineData("?before=00000000-0000-0000-0000-000000000001", "before")]
    [InlineData("?after=00000000-0000-0000-0000-000000000001", "after")]
    [InlineData("?before=00000000-0000-0000-0000-000000000001&after=00000000-0000-0000-0000-000000000001", "after")]
    [InlineData("?around=00000000-0000-0000-0000-000000000001", "around")]
    [InlineData("?around=00000000-0000-0000-0000-000000000001&changed_after=0", "around")]
    [InlineData("?after=nonsense", "after")]
    [InlineData("?cursor=nonsense", "cursor")]
    [InlineData("?limit=0", "limit")]
    public async Task Bad_places_in_the_history_are_refused(string query, string member)
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;

        using var answer = await client.GetAsync($"/api/chats/{id}/messages{query}");

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    private static async Task<List<long>> FollowAsync(HttpClient client, string path)
    {
        var seqs = new List<long>();
        var page = await client.GetObjectAsync(path);
        while (true)
        {
            seqs.AddRange(page["items"]!.AsArray().Select(message => (long)message!["seq"]!));
            if (page["next_cursor"] is not { } cursor)
            {
                return seqs;
            }

            page = await client.GetObjectAsync($"{path}&cursor={cursor}");
        }
    }
}
