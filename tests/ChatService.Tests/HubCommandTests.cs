using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What devices ask the hub to do.</summary>
public sealed class HubCommandTests(TwoInstances chat)
{
    [Fact]
    public async Task Typing_is_told_to_the_others_and_throttled()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var typing = await chat.ConnectAsync(ada);
        await using var watching = await chat.ConnectAsync(bob, toOther: true);
        await using var beside = await chat.ConnectAsync(bob);

        // Nobody catches up on typing: it is told to those who are listening by then.
        await typing.InvokeAsync("SendMessage", new { chat_id = id, content = "ready" });
        await watching.ExpectAsync("MessageReceived");
        await beside.ExpectAsync("MessageReceived");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => typing.InvokeAsync("Typing", new { chat_id = id })));

        await typing.InvokeAsync("SendMessage", new { chat_id = id, content = "done" });

        var told = await watching.ExpectAsync("Typing");
        Assert.Equal(["chat_id", "user_id"], told.Select(member => member.Key));
        await watching.ExpectAsync("MessageReceived");
        Assert.DoesNotContain(watching.SoFar(), other => other.Target == "Typing");
        Assert.DoesNotContain(typing.SoFar(), other => other.Target == "Typing");

        // The instance's own notices come back to it before the other's answer, and are not told again.
        await watching.InvokeAsync("SendMessage", new { chat_id = id, content = "seen" });
        await beside.ExpectAsync("Typing");
        await beside.ExpectAsync("MessageReceived");
        await beside.ExpectAsync("MessageReceived");
        Assert.DoesNotContain(beside.SoFar(), other => other.Target == "Typing");
    }

    [Fact]
    public async Task The_hub_refuses_as_rest_does_and_goes_on()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await chat.ConnectAsync(ada);

        async Task RefusedAsync(string method, object? argument, string code) =>
            Assert.StartsWith($"{code}: ", (await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync(method, argument))).Message, StringComparison.Ordinal);

        await RefusedAsync("SendMessage", new { chat_id = Guid.CreateVersion7(), content = "a" }, "chat_not_found");
        await RefusedAsync("SendMessage", new { group_id = Guid.CreateVersion7(), content = "a" }, "group_not_found");
        await RefusedAsync("SendMessage", new { chat_id = id, content = " " }, "validation_failed");
        await RefusedAsync("SendMessage", new { chat_id = id, content = "a\0b" }, "validation_failed");
        await RefusedAsync("SendMessage", new { chat_id = id, content = new string('a', 4001) }, "validation_failed");
        await RefusedAsync("SendMessage", new { chat_id = id, group_id = id, content = "a" }, "validation_failed");
        await RefusedAsync("SendMessage", new { content = "a" }, "validation_failed");
        await RefusedAsync("SendMessage", null, "validation_failed");
        await RefusedAsync("Typing", new { chat_id = Guid.CreateVersion7() }, "chat_not_found");
        await RefusedAsync("MarkRead", new { chat_id = id, message_id = Guid.CreateVersion7() }, "message_not_found");
        await RefusedAsync("Renew", "nonsense", "unauthenticated");

        // What cannot even be read is refused in the same way.
        async Task RawRefusedAsync(string method, string argument) =>
            Assert.StartsWith("validation_failed: ", (await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeRawAsync(method, argument))).Message, StringComparison.Ordinal);

        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"{{new string('x', 40_000)}}"}""");
        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"\ud83d"}""");
        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":5}""");
        await RawRefusedAsync("SendMessage", """{"chat_id":"nonsense","content":"a"}""");
        await RawRefusedAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"a","client_message_id":"nonsense"}""");
        await RawRefusedAsync("SendMessage", """["a"]""");
        await RawRefusedAsync("SendMessage", "5");
        await RawRefusedAsync("Typing", """{"chat_id":true}""");
        await RawRefusedAsync("MarkRead", $$"""{"chat_id":"{{id}}","message_id":[]}""");
        await RawRefusedAsync("Renew", "5");
        await RawRefusedAsync("Renew", "null");
        await RawRefusedAsync("Renew", "\"\\ud83d\"");
        await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("Nonsense", new { }));

        Assert.Equal(1, (int)(await device.InvokeAsync("SendMessage", new { chat_id = id, content = "still here" }))!["seq"]!);

        // The largest that is allowed, in its longest spelling.
        var longest = string.Concat(Enumerable.Repeat("\\u00df", 4000));
        Assert.Equal(2, (int)(await device.InvokeRawAsync("SendMessage", $$"""{"chat_id":"{{id}}","content":"{{longest}}{{new string(' ', 20_000)}}"}"""))!["seq"]!);
    }

    [Fact]
    public async Task The_same_client_message_id_by_hub_and_rest_is_one_message_told_once()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.Other.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await chat.ConnectAsync(ada);
        var clientMessageId = Guid.CreateVersion7();

        var first = await device.InvokeAsync("SendMessage", new { chat_id = id, content = "once", client_message_id = clientMessageId });
        using var again = await asAda.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "once", client_message_id = clientMessageId });
        await asAda.SayAsync($"chats/{id}", "next");

        Assert.Equal(first!.ToJsonString(), (await again.ReadObjectAsync()).ToJsonString());
        Assert.Equal(1, (int)(await device.ExpectAsync("MessageReceived"))["seq"]!);
        Assert.Equal(2, (int)(await device.ExpectAsync("MessageReceived"))["seq"]!);
    }
}
