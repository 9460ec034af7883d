using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class MessageTests(TwoInstances chat)
{
    [Fact]
    public async Task A_message_has_exactly_the_members_of_the_contract()
    {
        var (client, id) = await ChatAsync();
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
        var (client, id) = await ChatAsync();
        using var _ = client;

        using var answer = await client.PostAsJsonAsync($"/api/chats/{id}/messages", new { content });

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
    }

    [Fact]
    public async Task Content_may_have_4000_code_units_and_no_more()
    {
        var (client, id) = await ChatAsync();
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

    [Fact]
    public async Task History_is_read_newest_first_backwards_and_what_was_missed_oldest_first_forwards()
    {
        var (client, id) = await ChatAsync();
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
        var (client, id) = await ChatAsync();
        using var _ = client;

        using var answer = await client.GetAsync($"/api/chats/{id}/messages{query}");

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

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
        var (client, id) = await ChatAsync();
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
        var (client, id) = await ChatAsync();
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

    [Fact]
    public async Task Search_finds_in_all_of_ones_own_conversations_and_nowhere_else_newest_first()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.Other.As(people[1]);
        using var asEve = chat.Other.As(people[2]);
        var chatId = await asAda.StartChatAsync(people[1]);
        var groupId = await asAda.StartGroupAsync(people[1], people[2]);
        await asAda.SayAsync($"chats/{chatId}", "The analytical engine weaves patterns");
        await asBob.SayAsync($"groups/{groupId}", "An ENGINE of another kind");
        await asBob.SayAsync($"chats/{chatId}", "Nothing of interest");
        var taken = await asBob.SayAsync($"groups/{groupId}", "engine, taken back");
        using var _ = await asBob.DeleteAsync($"/api/groups/{groupId}/messages/{taken["id"]}");

        var found = await asAda.ListAsync("/api/messages/search?q=engine");
        var first = await asAda.GetObjectAsync("/api/messages/search?q=engine&limit=1");
        var second = await asAda.GetObjectAsync($"/api/messages/search?q=engine&limit=1&cursor={first["next_cursor"]}");

        Assert.Equal(["An ENGINE of another kind", "The analytical engine weaves patterns"], found.Select(message => (string?)message["content"]));
        Assert.Equal([groupId, chatId], found.Select(message => (Guid)(message["group_id"] ?? message["chat_id"])!));
        Assert.Equal((Guid)found[1]["id"]!, (Guid)second["items"]![0]!["id"]!);
        Assert.Null(second["next_cursor"]);
        Assert.Single(await asEve.ListAsync("/api/messages/search?q=engine"));
        Assert.Empty(await asAda.ListAsync("/api/messages/search?q=%22engine+analytical%22+%26+!()%27"));
    }

    [Theory]
    [MemberData(nameof(SearchVariants.Found), MemberType = typeof(SearchVariants))]
    public async Task A_message_is_found_by(string text, string words) => Assert.Single(await FindAsync(text, words));

    [Theory]
    [InlineData("Only C#", "C")]
    [InlineData("Only C++", "C")]
    [MemberData(nameof(SearchVariants.Apart), MemberType = typeof(SearchVariants))]
    public async Task A_message_is_not_found_by(string text, string words) => Assert.Empty(await FindAsync(text, words));

    [Fact]
    public async Task Messages_from_before_are_found_when_the_migration_has_run()
    {
        var (client, id) = await ChatAsync();
        using var _ = client;
        await client.SayAsync($"chats/{id}", "Zymurgy");
        await chat.Environment.UndoAsync("FillTextSearch", $"UPDATE messages SET words = NULL WHERE chat_id = '{id}'");
        Assert.Empty(await client.ListAsync("/api/messages/search?q=zymurgy"));

        await chat.Environment.MigrateAsync();

        Assert.Single(await client.ListAsync("/api/messages/search?q=zymurgy"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=%20%20")]
    [InlineData("?q=a%00b")]
    public async Task A_search_needs_something_to_look_for(string query)
    {
        using var client = chat.One.As(TestUser.New());

        using var answer = await client.GetAsync($"/api/messages/search{query}");

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "q");
    }

    private async Task<IReadOnlyList<JsonObject>> FindAsync(string text, string words)
    {
        var (client, id) = await ChatAsync();
        using var _ = client;
        await client.SayAsync($"chats/{id}", text);
        return await client.ListAsync($"/api/messages/search?q={Uri.EscapeDataString(words)}");
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

    private async Task<(HttpClient Client, Guid ChatId)> ChatAsync()
    {
        var (ada, bob) = await chat.PairAsync();
        var client = chat.One.As(ada);
        return (client, await client.StartChatAsync(bob));
    }
}
