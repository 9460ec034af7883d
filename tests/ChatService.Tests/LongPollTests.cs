using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>A device that has no connection and lets a request wait.</summary>
public sealed class LongPollTests(TwoInstances chat)
{
    [Fact]
    public async Task A_request_that_waits_is_answered_when_something_differs_wherever_it_came_from()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var store = new DeviceStore();
        await store.SyncAsync(asBob);

        var started = await WokenAsync(() => asAda.StartChatAsync(bob));
        var id = (Guid)Assert.Single(started["conversations"]!.AsArray())!["id"]!;
        var said = await WokenAsync(() => asAda.SayAsync($"chats/{id}", "hello"));
        var message = Assert.Single(said["messages"]!.AsArray())!;
        var edited = await WokenAsync(() => asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{message["id"]}", new { content = "hello again" }));
        var read = await WokenAsync(() => asAda.ReadAsync($"chats/{id}", message));

        Assert.Equal("hello again", (string?)Assert.Single(edited["changed"]!.AsArray())!["content"]);
        Assert.Equal(ada.Id, (Guid)Assert.Single(read["read"]!.AsArray())!["user_id"]!);

        async Task<JsonObject> WokenAsync(Func<Task> act)
        {
            var waiting = asBob.PostAsJsonAsync("/api/sync", new { known = store.Known(), wait = 25 });
            var early = await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300)));
            Assert.NotSame(waiting, early);
            await act();
            using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(10));
            var found = await answer.ReadObjectAsync();
            store.Take(found);
            return found;
        }
    }

    [Fact]
    public async Task Where_nothing_differs_the_wait_ends_with_nothing()
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);

        using var answer = await asAda.PostAsJsonAsync("/api/sync", new { wait = 1 });

        Assert.Empty((await answer.ReadObjectAsync())["conversations"]!.AsArray());
    }

    [Fact]
    public async Task Only_so_many_requests_of_one_user_wait_and_a_session_that_ends_is_told_nothing()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.One.As(bob);
        var waiting = Enumerable.Range(0, 11).Select(_ => asBob.PostAsJsonAsync("/api/sync", new { wait = 25 })).ToList();

        var first = await Task.WhenAny(waiting);
        waiting.Remove(first);
        using var refused = await first;
        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "too_many_waiting");
        Assert.NotNull(refused.Headers.RetryAfter);
        var revoked = EventDocuments.Example("session-revoked.v1");
        revoked["sessionId"] = bob.SessionId;
        revoked["expiresAt"] = TimeProvider.System.GetUtcNow().AddMinutes(15);
        await chat.Environment.Broker.PublishAsync("session-revoked.v1", revoked);
        await Eventually.TrueAsync(async () => (await asBob.GetAsync("/api/unread")).StatusCode == HttpStatusCode.Unauthorized);
        await asAda.StartChatAsync(bob);

        foreach (var answer in await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(10)))
        {
            await answer.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task An_instance_that_is_told_to_stop_answers_those_who_wait()
    {
        var (ada, _) = await chat.PairAsync();
        var instance = new ServiceHost<Program>(chat.Environment);
        await instance.InitializeAsync();
        using var asAda = instance.As(ada);
        var waiting = asAda.PostAsJsonAsync("/api/sync", new { wait = 25 });
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(300))));

        var stopping = instance.DisposeAsync();

        using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stopping;
    }
}
