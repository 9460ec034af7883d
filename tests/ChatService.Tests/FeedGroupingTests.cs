using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What is told about one thing is one entry while it is unread.</summary>
public sealed class FeedGroupingTests(TwoInstances chat)
{
    private readonly FeedScenario _feed = new(chat);

    [Fact]
    public async Task The_same_about_the_same_thing_is_one_entry_while_unread_and_shrinks_with_a_withdrawal()
    {
        var people = await chat.PeopleAsync(5);
        using var asAda = chat.One.As(people[0]);
        foreach (var (number, fan) in people[1..].Index())
        {
            await _feed.TellAsync(people[0], fan.Id);
            await FeedScenario.EntryAsync(asAda, count: number + 1);
        }

        var grown = await FeedScenario.EntryAsync(asAda, count: 4);
        await _feed.TellAsync(people[0], people[4].Id, withdrawn: true);
        var shrunk = await FeedScenario.EntryAsync(asAda, count: 3);
        foreach (var fan in people[1..4])
        {
            await _feed.TellAsync(people[0], fan.Id, withdrawn: true);
        }

        Assert.Equal([people[4].Id, people[3].Id, people[2].Id], grown["actors"]!.AsArray().Select(actor => (Guid)actor!["id"]!));
        Assert.Equal(4, (long)grown["seq"]!);
        Assert.Equal([people[3].Id, people[2].Id, people[1].Id], shrunk["actors"]!.AsArray().Select(actor => (Guid)actor!["id"]!));
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 0);
        Assert.Equal(0, (int)(await asAda.GetObjectAsync("/api/unread"))["notifications"]!);
    }

    [Fact]
    public async Task Of_two_withdrawals_of_one_deed_one_counts()
    {
        var people = await chat.PeopleAsync(4);
        using var asAda = chat.One.As(people[0]);
        foreach (var fan in people[1..])
        {
            await _feed.TellAsync(people[0], fan.Id);
        }

        await FeedScenario.EntryAsync(asAda, count: 3);

        await _feed.TellAsync(people[0], people[1].Id, withdrawn: true);
        await _feed.TellAsync(people[0], people[1].Id, withdrawn: true);
        await _feed.TellAsync(people[0], people[2].Id, withdrawn: true);

        Assert.Equal(people[3].Id, (Guid)Assert.Single((await FeedScenario.EntryAsync(asAda, count: 1))["actors"]!.AsArray())!["id"]!);
    }

    [Fact]
    public async Task What_comes_after_reading_is_an_entry_of_its_own_and_a_read_one_stays()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await _feed.TellAsync(people[0], people[1].Id);
        await FeedScenario.EntryAsync(asAda, count: 1);
        await FeedScenario.ReadAsync(asAda, 1);

        await _feed.TellAsync(people[0], people[2].Id);
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 2);
        await _feed.TellAsync(people[0], people[1].Id, withdrawn: true);
        await _feed.TellAsync(people[0], people[2].Id, withdrawn: true);

        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 1);
        Assert.True((bool)Assert.Single(await asAda.ListAsync("/api/notifications"))["read"]!);
    }

    [Fact]
    public async Task Points_of_one_person_add_up_and_an_unknown_kind_is_shown_as_other()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);

        foreach (var (giver, amount, sum) in ((int, string, string)[])[(1, "5", "5"), (1, "7", "12"), (2, "1", "1")])
        {
            await _feed.TellAsync(people[0], people[giver].Id, kind: "points_received", parameters: new() { ["amount"] = amount });
            await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Any(entry => (string?)entry["params"]!["amount"] == sum));
        }

        await _feed.TellAsync(people[0], people[1].Id, kind: "something_new");
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 3);
        var entries = await asAda.ListAsync("/api/notifications");
        Assert.Equal(["other", "points_received", "points_received"], entries.Select(entry => (string?)entry["kind"]));
        Assert.Equal(["1", "12"], entries.Skip(1).Select(entry => (string?)entry["params"]!["amount"]));
        Assert.All(entries, entry => Assert.Equal(1, (int)entry["count"]!));
    }
}
