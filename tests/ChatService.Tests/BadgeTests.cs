using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Badges that follow when less is unread, whatever made it so; but not on the device that did it. Seen in the pickup folder.</summary>
public sealed class BadgeTests(TwoInstances chat)
{
    [Fact]
    public async Task When_one_device_reads_the_badges_of_the_others_follow()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var phone = await chat.RegisterAsync(bob with { SessionId = Guid.CreateVersion7() });
        var id = await asAda.StartChatAsync(bob);
        var message = await asAda.SayAsync($"chats/{id}", "Read me");
        Assert.Equal(1, (int)(await PickedUp.PushAsync(phone, id, _ => true))["badge"]!);

        await asBob.ReadAsync($"chats/{id}", message);

        var badge = await PickedUp.PushAsync(phone, bob.Id, push => (int)push["badge"]! == 0);
        Assert.Equal("badge", (string?)badge["kind"]);
        Assert.Null(badge["loc_key"]);
    }

    [Fact]
    public async Task The_device_that_reads_is_not_told_its_badge_and_the_others_are()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var (reading, other) = (await chat.RegisterAsync(bob), await chat.RegisterAsync(bob with { SessionId = Guid.CreateVersion7() }));
        var id = await asAda.StartChatAsync(bob);
        var message = await asAda.SayAsync($"chats/{id}", "Read me");
        await PickedUp.PushAsync(reading, id, _ => true);
        await PickedUp.PushAsync(other, id, _ => true);

        await asBob.ReadAsync($"chats/{id}", message);

        await PickedUp.PushAsync(other, bob.Id, push => (int)push["badge"]! == 0);
        Assert.Single(PickedUp.Files(reading));
    }

    [Fact]
    public async Task When_what_is_unread_is_deleted_the_badges_follow()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var phone = await chat.RegisterAsync(bob);
        var id = await asAda.StartChatAsync(bob);
        var messages = new[] { await asAda.SayAsync($"chats/{id}", "One"), await asAda.SayAsync($"chats/{id}", "Two") };
        await PickedUp.PushAsync(phone, id, push => (long)push["seq"]! == 2);

        foreach (var message in messages)
        {
            using var deleted = await asAda.DeleteAsync($"/api/chats/{id}/messages/{message["id"]}");
        }

        await PickedUp.PushAsync(phone, bob.Id, push => (int)push["badge"]! == 0);
    }

    [Fact]
    public async Task Who_is_taken_out_of_a_group_no_longer_has_its_badge()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var asBob = chat.One.As(bob);
        var id = await asAda.StartGroupAsync(bob);
        await asBob.ReadNotificationsAsync(1);
        var phone = await chat.RegisterAsync(bob);
        await asAda.SayAsync($"groups/{id}", "You are fired");
        Assert.Equal(1, (int)(await PickedUp.PushAsync(phone, id, _ => true))["badge"]!);

        using var removed = await asAda.DeleteAsync($"/api/groups/{id}/participants/{bob.Id}");

        await PickedUp.PushAsync(phone, bob.Id, push => (int)push["badge"]! == 0);
    }

    [Fact]
    public async Task When_a_like_is_taken_back_the_badge_follows()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var phone = await chat.RegisterAsync(ada);
        await chat.TellAsync(ada, bob, "job_like");
        await Eventually.TrueAsync(() => PickedUp.Files(phone).Count == 1);

        await chat.TellAsync(ada, bob, "job_like", withdrawn: true);

        await PickedUp.PushAsync(phone, ada.Id, push => (int)push["badge"]! == 0);
    }
}
