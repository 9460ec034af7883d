using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What somebody is told of: from the events of any service, once each, one entry while it is unread.</summary>
public sealed class FeedTests(TwoInstances chat)
{
    private readonly FeedScenario _feed = new(chat);

    [Fact]
    public async Task An_event_becomes_an_entry_which_is_unread_until_it_is_read()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await using var device = await chat.ConnectAsync(ada, toOther: true);

        await _feed.TellAsync(ada, bob.Id);

        await device.ExpectAsync("UnreadChanged", told => (int)told["notifications"]! == 1 && (int)told["badge"]! == 1);
        var entry = Assert.Single(await asAda.ListAsync("/api/notifications?unread=true"));
        Assert.Equal(["id", "seq", "kind", "actors", "count", "subject", "params", "created_at", "read"], entry.Select(member => member.Key));
        Assert.Equal(("job_like", 1, false), ((string?)entry["kind"], (int)entry["count"]!, (bool)entry["read"]!));
        Assert.Equal(bob.Username, (string?)entry["actors"]![0]!["username"]);
        Assert.Equal($$"""{"type":"job","job_id":"{{_feed.Job}}"}""", entry["subject"]!.ToJsonString());
        Assert.Equal("""{"title":"Engineer"}""", entry["params"]!.ToJsonString());
        await FeedScenario.ReadAsync(asAda, 1_000);
        await FeedScenario.ReadAsync(asAda, 0);
        Assert.Empty(await asAda.ListAsync("/api/notifications?unread=true"));
        Assert.True((bool)Assert.Single(await asAda.ListAsync("/api/notifications?unread=false"))["read"]!);
        await device.ExpectAsync("UnreadChanged", told => (int)told["badge"]! == 0);
    }

    [Fact]
    public async Task A_notification_that_comes_while_another_is_read_is_told_although_there_are_as_many_as_before()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await using var device = await chat.ConnectAsync(ada, toOther: true);
        await _feed.TellAsync(ada, bob.Id);
        await device.ExpectAsync("UnreadChanged", told => (int)told["notifications"]! == 1);

        // Both within the second until counts are told again.
        await FeedScenario.ReadAsync(asAda, 1_000);
        await _feed.TellAsync(ada, bob.Id, "job_comment");

        await device.ExpectAsync("UnreadChanged", told => (int)told["notifications"]! == 1);
    }

    [Fact]
    public async Task Many_events_at_once_count_once_each_and_one_that_cannot_be_stored_stops_none_of_them()
    {
        var people = await chat.PeopleAsync(12);
        var (recipients, fans) = (people[..4], people[4..]);
        var events = recipients.SelectMany(recipient => fans.Select(fan => (recipient, fan, id: Guid.CreateVersion7()))).ToList();
        Task Tell((TestUser Recipient, TestUser Fan, Guid Id) told) => _feed.TellAsync(told.Recipient, told.Fan.Id, eventId: told.Id, at: FeedScenario.Noon);
        var unstorable = _feed.TellAsync(recipients[0], fans[0].Id, kind: "job_comment", parameters: new JsonObject { ["title"] = "\0" });

        await Task.WhenAll([unstorable, .. events.Select(Tell), .. events.Select(Tell)]);

        foreach (var recipient in recipients)
        {
            using var client = chat.Other.As(recipient);
            await FeedScenario.EntryAsync(client, fans.Length);
            Assert.Equal(1, (int)(await client.GetObjectAsync("/api/unread"))["notifications"]!);
        }

        await Eventually.TrueAsync(async () => await chat.Environment.Broker.MessagesInAsync("chat-service.person-notified_error") == 1);
        using var afterwards = chat.One.As(recipients[0]);
        Assert.Equal(fans.Length, (int)Assert.Single(await afterwards.ListAsync("/api/notifications"))["count"]!);
    }

    [Fact]
    public async Task Twice_late_and_out_of_order_is_once_and_the_latest()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        var (eventId, earlier) = (Guid.CreateVersion7(), _feed.NextMinute());

        // The withdrawal comes before what it withdraws.
        await _feed.TellAsync(people[0], people[1].Id, withdrawn: true);
        await _feed.TellAsync(people[0], people[1].Id, at: earlier);
        await _feed.TellAsync(people[0], people[2].Id, eventId: eventId);
        await _feed.TellAsync(people[0], people[2].Id, eventId: eventId);
        await _feed.TellAsync(people[0], people[2].Id, at: earlier, withdrawn: true);
        await _feed.TellAsync(people[0], null, kind: "security");

        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Any(entry => (string?)entry["kind"] == "security"));
        var like = Assert.Single(await asAda.ListAsync("/api/notifications"), entry => (string?)entry["kind"] == "job_like");
        Assert.Equal(1, (int)like["count"]!);
        Assert.Equal(people[2].Id, (Guid)Assert.Single(like["actors"]!.AsArray())!["id"]!);
        Assert.Equal(2, (int)(await asAda.GetObjectAsync("/api/unread"))["notifications"]!);
    }

    [Fact]
    public async Task Nobody_is_told_of_their_own_deeds_nor_of_what_they_switched_off()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var off = await asAda.PatchAsJsonAsync("/api/notification-settings", new { kinds = new { job_comment = new { feed = false } } });
        Assert.Equal(HttpStatusCode.OK, off.StatusCode);

        await _feed.TellAsync(ada, ada.Id);
        await _feed.TellAsync(ada, bob.Id, kind: "job_comment");
        await _feed.TellAsync(ada, bob.Id, kind: "decision");

        await FeedScenario.EntryAsync(asAda, count: 1);
        Assert.Equal("decision", (string?)Assert.Single(await asAda.ListAsync("/api/notifications"))["kind"]);
    }

    [Fact]
    public async Task Who_is_brought_into_a_group_is_told_and_who_starts_it_is_not()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        using var asBob = chat.One.As(people[1]);
        using var asCora = chat.Other.As(people[2]);

        var id = await asAda.StartGroupAsync(people[1]);
        using var add = await asBob.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[2].Id } });
        using var added = await asAda.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[2].Id } });

        var told = await FeedScenario.EntryAsync(asCora, count: 1);
        Assert.Equal("added_to_group", (string?)told["kind"]);
        Assert.Equal($$"""{"type":"group","group_id":"{{id}}"}""", told["subject"]!.ToJsonString());
        Assert.Equal(people[0].Id, (Guid)told["actors"]![0]!["id"]!);
        await FeedScenario.EntryAsync(asBob, count: 1);
        Assert.Empty(await asAda.ListAsync("/api/notifications"));
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_newest_first()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        string[] kinds = ["job_like", "job_comment", "decision", "security", "other"];
        foreach (var (number, kind) in kinds.Index())
        {
            await _feed.TellAsync(ada, bob.Id, kind);
            await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == number + 1);
        }

        var found = new List<string?>();
        for (var next = "/api/notifications?limit=2"; next is not null;)
        {
            var page = await asAda.GetObjectAsync(next);
            found.AddRange(page["items"]!.AsArray().Select(entry => (string?)entry!["kind"]));
            next = page["next_cursor"] is { } cursor ? $"/api/notifications?limit=2&cursor={cursor}" : null;
        }

        Assert.Equal(kinds.Reverse(), found);
        using var foreign = await asAda.GetAsync("/api/notifications?cursor=nonsense");
        await foreign.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
        using var bad = await asAda.PutAsJsonAsync("/api/notifications/read", new { up_to_seq = -1 });
        await bad.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "up_to_seq");
    }

    [Fact]
    public async Task Of_a_deleted_person_nothing_is_kept_and_nothing_late_comes_back()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await _feed.TellAsync(ada, bob.Id);
        await FeedScenario.EntryAsync(asAda, count: 1);

        await chat.DeleteAsync(ada);
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 0);
        await _feed.TellAsync(ada, bob.Id);
        await _feed.TellAsync(bob, ada.Id);

        using var asBob = chat.One.As(bob);
        Assert.True((bool)(await FeedScenario.EntryAsync(asBob, count: 1))["actors"]![0]!["deleted"]!);
        Assert.Empty(await asAda.ListAsync("/api/notifications"));
    }
}
