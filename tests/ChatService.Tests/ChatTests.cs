using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class ChatTests(TwoInstances chat)
{
    [Fact]
    public async Task A_chat_is_started_once_per_pair_whoever_starts_it_and_however_many_at_once()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number =>
            (number % 2 == 0 ? asAda : asBob).PostAsJsonAsync("/api/chats", new { user_id = (number % 2 == 0 ? bob : ada).Id })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var ids = new HashSet<Guid>();
        foreach (var answer in answers)
        {
            ids.Add((Guid)(await answer.ReadObjectAsync(answer.StatusCode))["id"]!);
        }

        Assert.Single(ids);
        var created = answers.Single(answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal($"/api/chats/{ids.Single()}", created.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_chat_shows_the_peer_and_has_exactly_the_members_of_the_contract()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);

        var found = await asAda.GetObjectAsync($"/api/chats/{id}");

        Assert.Equal(["id", "peer", "last_message", "unread_count", "peer_read_up_to", "created_at", "last_seq", "last_change", "revision", "muted_until", "pinned", "archived"], found.Select(member => member.Key));
        var peer = found["peer"]!.AsObject();
        Assert.Equal(["id", "username", "first_name", "last_name", "profile_image"], peer.Select(member => member.Key));
        Assert.Equal(bob.Id, (Guid)peer["id"]!);
        Assert.Equal(bob.Username, (string?)peer["username"]);
        Assert.Null(found["last_message"]);
        Assert.Equal(0, (int)found["unread_count"]!);
    }

    [Fact]
    public async Task Oneself_is_400_and_somebody_unknown_404_to_be_tried_again()
    {
        var user = TestUser.New();
        using var client = chat.One.As(user);

        using var oneself = await client.PostAsJsonAsync("/api/chats", new { user_id = user.Id });
        using var unknown = await client.PostAsJsonAsync("/api/chats", new { user_id = Guid.CreateVersion7() });
        using var nobody = await client.PostAsJsonAsync("/api/chats", new { });

        await oneself.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "user_id");
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        Assert.Equal(TimeSpan.FromSeconds(1), unknown.Headers.RetryAfter?.Delta);
        await nobody.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "user_id");
    }

    [Fact]
    public async Task Others_chats_do_not_exist()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        var message = (Guid)(await asAda.SayAsync($"chats/{id}", "hello"))["id"]!;
        using var stranger = chat.One.As(TestUser.New());

        HttpResponseMessage[] answers =
        [
            await stranger.GetAsync($"/api/chats/{id}"),
            await stranger.GetAsync($"/api/chats/{id}/messages"),
            await stranger.GetAsync($"/api/chats/{id}/messages/{message}"),
            await stranger.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "hello" }),
            await stranger.PatchAsJsonAsync($"/api/chats/{id}/messages/{message}", new { content = "hello" }),
            await stranger.DeleteAsync($"/api/chats/{id}/messages/{message}"),
            await stranger.PutAsJsonAsync($"/api/chats/{id}/read", new { message_id = message }),
        ];

        foreach (var answer in answers)
        {
            await answer.IsProblemAsync(HttpStatusCode.NotFound, "chat_not_found");
        }
    }

    [Theory]
    [InlineData("GET", "/api/chats")]
    [InlineData("POST", "/api/chats")]
    [InlineData("GET", "/api/groups")]
    [InlineData("GET", "/api/messages/search?q=a")]
    [InlineData("POST", "/hubs/chat/negotiate")]
    [InlineData("GET", "/hubs/chat")]
    public async Task Without_a_token_there_is_nothing(string method, string path)
    {
        using var client = chat.One.Anonymous();

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await answer.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task The_list_is_by_latest_activity_and_its_pages_stay_stable_while_chats_move()
    {
        var people = await chat.PeopleAsync(6);
        using var client = chat.One.As(people[0]);
        var ids = new List<Guid>();
        foreach (var peer in people[1..])
        {
            ids.Add(await client.StartChatAsync(peer));
        }

        await client.SayAsync($"chats/{ids[1]}", "up");

        var first = await client.GetObjectAsync("/api/chats?limit=2");
        await client.SayAsync($"chats/{ids[0]}", "up as well, behind the reader's back");
        var second = await client.GetObjectAsync($"/api/chats?limit=2&cursor={first["next_cursor"]}");

        Assert.Equal([ids[1], ids[4]], first["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
        var third = await client.GetObjectAsync($"/api/chats?limit=2&cursor={second["next_cursor"]}");
        Assert.Equal([ids[3], ids[2]], second["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
        Assert.Equal([ids[0]], third["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
        Assert.Equal("up as well, behind the reader's back", (string?)third["items"]![0]!["last_message"]!["content"]);
        Assert.Null(third["next_cursor"]);
        using var foreignCursor = await client.GetAsync($"/api/groups?cursor={first["next_cursor"]}");
        await foreignCursor.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
        using var badLimit = await client.GetAsync("/api/chats?limit=101");
        await badLimit.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "limit");
    }

    [Theory]
    [InlineData("chats")]
    [InlineData("groups")]
    public async Task A_sweep_shows_everything_once_while_it_gets_messages(string kind)
    {
        var people = await chat.PeopleAsync(10);
        using var client = chat.One.As(people[0]);
        using var elsewhere = chat.Other.As(people[0]);
        var ids = new List<Guid>();
        foreach (var peer in people[1..])
        {
            ids.Add(kind == "chats" ? await client.StartChatAsync(peer) : await client.StartGroupAsync(peer));
        }

        // Messages come all the time, to any of them.
        using var enough = new CancellationTokenSource();
        var talking = Enumerable.Range(0, 3).Select(async speaker =>
        {
            for (var number = speaker; !enough.IsCancellationRequested; number++)
            {
                await (number % 2 == 0 ? client : elsewhere).SayAsync($"{kind}/{ids[number * 5 % ids.Count]}", $"number {number}");
            }
        }).ToList();

        for (var sweep = 0; sweep < 25; sweep++)
        {
            var seen = new List<Guid>();
            for (var next = ""; next is not null;)
            {
                var page = await elsewhere.GetObjectAsync($"/api/{kind}?limit=2{next}");
                seen.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
                next = page["next_cursor"] is { } cursor ? $"&cursor={cursor}" : null;
            }

            Assert.Equal(ids.Order(), seen.Order());
        }

        await enough.CancelAsync();
        await Task.WhenAll(talking);
    }

    [Fact]
    public async Task A_chat_has_an_entity_tag()
    {
        var (ada, bob) = await chat.PairAsync();
        using var client = chat.One.As(ada);
        var id = await client.StartChatAsync(bob);
        using var first = await client.GetAsync($"/api/chats/{id}");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chats/{id}") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }
}
