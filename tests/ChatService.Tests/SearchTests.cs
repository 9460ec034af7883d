using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class SearchTests(TwoInstances chat)
{
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
        var (client, id) = await chat.ChatAsync();
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
        var (client, id) = await chat.ChatAsync();
        using var _ = client;
        await client.SayAsync($"chats/{id}", text);
        return await client.ListAsync($"/api/messages/search?q={Uri.EscapeDataString(words)}");
    }
}
