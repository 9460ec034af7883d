using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class MessageTests(TwoInstances chat)
{
    [Fact]
    public async Task A_message_has_exactly_the_members_of_the_contract()
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;
        var clientMessageId = Guid.CreateVersion7();

        using var answer = await client.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "  Hello,\r\n\tBob  ", client_message_id = clientMessageId });

        var message = await answer.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal(
            ["id", "chat_id", "seq", "sender_id", "content", "client_message_id", "created_at", "edited_at", "deleted_at", "change", "attachments"],
            message.Select(member => member.Key));
        Assert.Equal("Hello,\n\tBob", (string?)message["content"]);
        Assert.Equal(clientMessageId, (Guid)message["client_message_id"]!);
        Assert.Equal(1, (int)message["seq"]!);
        Assert.Equal($"/api/chats/{id}/messages/{message["id"]}", answer.Headers.Location!.OriginalString);
        Assert.Equal(message.ToJsonString(), (await client.GetObjectAsync(answer.Headers.Location.OriginalString)).ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    [InlineData("a\0b")]
    [InlineData("a\u0007b")]
    public async Task Bad_content_is_refused(string? content)
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;

        using var answer = await client.PostAsJsonAsync($"/api/chats/{id}/messages", new { content });

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
    }

    [Fact]
    public async Task Content_may_have_4000_code_units_and_no_more()
    {
        var (client, id) = await chat.ChatAsync();
        using var _ = client;

        await client.SayAsync($"chats/{id}", new string('ß', 4000));
        using var answer = await client.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = new string('a', 4001) });

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
    }

    [Fact]
    public async Task The_same_client_message_id_is_the_same_message_also_at_once_and_on_two_instances()
    {
        var (ada, bob) = await chat.PairAsync();
        using var one = chat.One.As(ada);
        using var other = chat.Other.As(ada);
        using var asBob = chat.One.As(bob);
        var id = await one.StartChatAsync(bob);
        var clientMessageId = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            (number % 2 == 0 ? one : other).PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "once", client_message_id = clientMessageId })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single(await one.ListAsync($"/api/chats/{id}/messages"));

        // The id belongs to its sender: the other one's is another message.
        await asBob.SayAsync($"chats/{id}", "mine", clientMessageId);
        Assert.Equal(2, (await one.ListAsync($"/api/chats/{id}/messages")).Count);
    }

    [Fact]
    public async Task Seq_has_no_gaps_under_concurrency_and_is_the_order_of_creation()
    {
        var people = await chat.PeopleAsync(8);
        using var owner = chat.One.As(people[0]);
        var id = await owner.StartGroupAsync(people[1..]);

        await Task.WhenAll(people.Select(async (person, number) =>
        {
            using var client = (number % 2 == 0 ? chat.One : chat.Other).As(person);
            for (var count = 0; count < 12; count++)
            {
                await client.SayAsync($"groups/{id}", $"{number}.{count}");
            }
        }));

        var messages = await owner.ListAsync($"/api/groups/{id}/messages?limit=100");
        Assert.Equal(Enumerable.Range(1, 96).Reverse().Select(seq => (long)seq), messages.Seqs());
        var times = messages.Select(message => (DateTimeOffset)message["created_at"]!).ToList();
        Assert.Equal(times.OrderDescending(), times);
    }
}
