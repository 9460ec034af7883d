using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What somebody is told of: from the events of any service, once each, one entry while it is unread.</summary>
public sealed class FeedTests(TwoInstances chat)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid _job = Guid.CreateVersion7();
    private int _minute;

    [Fact]
    public async Task An_event_becomes_an_entry_which_is_unread_until_it_is_read()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await using var device = await chat.ConnectAsync(ada, toOther: true);

        await TellAsync(ada, bob.Id);

        await device.ExpectAsync("UnreadChanged", told => (int)told["notifications"]! == 1 && (int)told["badge"]! == 1);
        var entry = Assert.Single(await asAda.ListAsync("/api/notifications?unread=true"));
        Assert.Equal(["id", "seq", "kind", "actors", "count", "subject", "params", "created_at", "read"], entry.Select(member => member.Key));
        Assert.Equal(("job_like", 1, false), ((string?)entry["kind"], (int)entry["count"]!, (bool)entry["read"]!));
        Assert.Equal(bob.Username, (string?)entry["actors"]![0]!["username"]);
        Assert.Equal($$"""{"type":"job","job_id":"{{_job}}"}""", entry["subject"]!.ToJsonString());
        Assert.Equal("""{"title":"Engineer"}""", entry["params"]!.ToJsonString());
        await ReadAsync(asAda, 1_000);
        await ReadAsync(asAda, 0);
        Assert.Empty(await asAda.ListAsync("/api/notifications?unread=true"));
        Assert.True((bool)Assert.Single(await asAda.ListAsync("/api/notifications?unread=false"))["read"]!);
        await device.ExpectAsync("UnreadChanged", told => (int)told["badge"]! == 0);
    }

    [Fact]
    public async Task The_same_about_the_same_thing_is_one_entry_while_unread_and_shrinks_with_a_withdrawal()
    {
        var people = await chat.PeopleAsync(5);
        using var asAda = chat.One.As(people[0]);
        foreach (var (number, fan) in people[1..].Index())
        {
            await TellAsync(people[0], fan.Id);
            await EntryAsync(asAda, count: number + 1);
        }

        var grown = await EntryAsync(asAda, count: 4);
        await TellAsync(people[0], people[4].Id, withdrawn: true);
        var shrunk = await EntryAsync(asAda, count: 3);
        foreach (var fan in people[1..4])
        {
            await TellAsync(people[0], fan.Id, withdrawn: true);
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
            await TellAsync(people[0], fan.Id);
        }

        await EntryAsync(asAda, count: 3);

        await TellAsync(people[0], people[1].Id, withdrawn: true);
        await TellAsync(people[0], people[1].Id, withdrawn: true);
        await TellAsync(people[0], people[2].Id, withdrawn: true);

        Assert.Equal(people[3].Id, (Guid)Assert.Single((await EntryAsync(asAda, count: 1))["actors"]!.AsArray())!["id"]!);
    }

    [Fact]
    public async Task Many_events_at_once_count_once_each_and_one_that_cannot_be_stored_stops_none_of_them()
    {
        var people = await chat.PeopleAsync(12);
        var (recipients, fans) = (people[..4], people[4..]);
        var events = recipients.SelectMany(recipient => fans.Select(fan => (recipient, fan, id: Guid.CreateVersion7()))).ToList();
        Task Tell((TestUser Recipient, TestUser Fan, Guid Id) told) => TellAsync(told.Recipient, told.Fan.Id, eventId: told.Id, at: Noon);
        var unstorable = TellAsync(recipients[0], fans[0].Id, kind: "job_comment", parameters: new JsonObject { ["title"] = "\0" });

        await Task.WhenAll([unstorable, .. events.Select(Tell), .. events.Select(Tell)]);

        foreach (var recipient in recipients)
        {
            using var client = chat.Other.As(recipient);
            await EntryAsync(client, fans.Length);
            Assert.Equal(1, (int)(await client.GetObjectAsync("/api/unread"))["notifications"]!);
        }

        await Eventually.TrueAsync(async () => await chat.Environment.Broker.MessagesInAsync("chat-service.person-notified_error") == 1);
        using var afterwards = chat.One.As(recipients[0]);
        Assert.Equal(fans.Length, (int)Assert.Single(await afterwards.ListAsync("/api/notifications"))["count"]!);
    }

    [Fact]
    public async Task What_comes_after_reading_is_an_entry_of_its_own_and_a_read_one_stays()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await TellAsync(people[0], people[1].Id);
        await EntryAsync(asAda, count: 1);
        await ReadAsync(asAda, 1);

        await TellAsync(people[0], people[2].Id);
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 2);
        await TellAsync(people[0], people[1].Id, withdrawn: true);
        await TellAsync(people[0], people[2].Id, withdrawn: true);

        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 1);
        Assert.True((bool)Assert.Single(await asAda.ListAsync("/api/notifications"))["read"]!);
    }

    [Fact]
    public async Task Twice_late_and_out_of_order_is_once_and_the_latest()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        var (eventId, earlier) = (Guid.CreateVersion7(), Time());

        // The withdrawal comes before what it withdraws.
        await TellAsync(people[0], people[1].Id, withdrawn: true);
        await TellAsync(people[0], people[1].Id, at: earlier);
        await TellAsync(people[0], people[2].Id, eventId: eventId);
        await TellAsync(people[0], people[2].Id, eventId: eventId);
        await TellAsync(people[0], people[2].Id, at: earlier, withdrawn: true);
        await TellAsync(people[0], null, kind: "security");

        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Any(entry => (string?)entry["kind"] == "security"));
        var like = Assert.Single(await asAda.ListAsync("/api/notifications"), entry => (string?)entry["kind"] == "job_like");
        Assert.Equal(1, (int)like["count"]!);
        Assert.Equal(people[2].Id, (Guid)Assert.Single(like["actors"]!.AsArray())!["id"]!);
        Assert.Equal(2, (int)(await asAda.GetObjectAsync("/api/unread"))["notifications"]!);
    }

    [Fact]
    public async Task Points_of_one_person_add_up_and_an_unknown_kind_is_shown_as_other()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);

        foreach (var (giver, amount, sum) in ((int, string, string)[])[(1, "5", "5"), (1, "7", "12"), (2, "1", "1")])
        {
            await TellAsync(people[0], people[giver].Id, kind: "points_received", parameters: new() { ["amount"] = amount });
            await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Any(entry => (string?)entry["params"]!["amount"] == sum));
        }

        await TellAsync(people[0], people[1].Id, kind: "something_new");
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 3);
        var entries = await asAda.ListAsync("/api/notifications");
        Assert.Equal(["other", "points_received", "points_received"], entries.Select(entry => (string?)entry["kind"]));
        Assert.Equal(["1", "12"], entries.Skip(1).Select(entry => (string?)entry["params"]!["amount"]));
        Assert.All(entries, entry => Assert.Equal(1, (int)entry["count"]!));
    }

    [Fact]
    public async Task Nobody_is_told_of_their_own_deeds_nor_of_what_they_switched_off()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var off = await asAda.PatchAsJsonAsync("/api/notification-settings", new { kinds = new { job_comment = new { feed = false } } });
        Assert.Equal(HttpStatusCode.OK, off.StatusCode);

        await TellAsync(ada, ada.Id);
        await TellAsync(ada, bob.Id, kind: "job_comment");
        await TellAsync(ada, bob.Id, kind: "decision");

        await EntryAsync(asAda, count: 1);
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

        var told = await EntryAsync(asCora, count: 1);
        Assert.Equal("added_to_group", (string?)told["kind"]);
        Assert.Equal($$"""{"type":"group","group_id":"{{id}}"}""", told["subject"]!.ToJsonString());
        Assert.Equal(people[0].Id, (Guid)told["actors"]![0]!["id"]!);
        await EntryAsync(asBob, count: 1);
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
            await TellAsync(ada, bob.Id, kind);
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
    public async Task Settings_are_all_on_at_first_and_a_patch_changes_what_it_names()
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var first = await asAda.GetAsync("/api/notification-settings");
        var before = await first.ReadObjectAsync();

        using var quiet = await asAda.PatchAsJsonAsync("/api/notification-settings", new { quiet = new { from = "22:00", to = "07:30", time_zone = "Europe/Berlin" } });
        using var less = await asAda.PatchAsJsonAsync("/api/notification-settings", new { kinds = new { message = new { push = false }, job_like = new { feed = false } } });
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/notification-settings") { Content = JsonContent.Create(new { quiet = (object?)null }) };
        request.Headers.IfMatch.Add(first.Headers.ETag!);
        using var outdated = await asAda.SendAsync(request);

        Assert.Equal(["added_to_group", "job_comment", "job_like", "points_received", "decision", "security", "other", "message"], before["kinds"]!.AsObject().Select(kind => kind.Key));
        Assert.Equal("""{"push":true}""", before["kinds"]!["message"]!.ToJsonString());
        Assert.Equal("""{"feed":true,"push":true}""", before["kinds"]!["job_like"]!.ToJsonString());
        Assert.Null(before["quiet"]);
        var after = await less.ReadObjectAsync();
        Assert.Equal("""{"push":false}""", after["kinds"]!["message"]!.ToJsonString());
        Assert.Equal("""{"feed":false,"push":true}""", after["kinds"]!["job_like"]!.ToJsonString());
        Assert.Equal("""{"feed":true,"push":true}""", after["kinds"]!["decision"]!.ToJsonString());
        Assert.Equal("""{"from":"22:00","to":"07:30","time_zone":"Europe/Berlin"}""", after["quiet"]!.ToJsonString());
        await outdated.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Theory]
    [InlineData("""{"kinds":{"gossip":{"feed":true}}}""", "kinds")]
    [InlineData("""{"kinds":{"message":{"feed":true}}}""", "kinds")]
    [InlineData("""{"quiet":{"from":"24:00","to":"07:00","time_zone":"UTC"}}""", "quiet.from")]
    [InlineData("""{"quiet":{"from":"22:00","time_zone":"UTC"}}""", "quiet.to")]
    [InlineData("""{"quiet":{"from":"22:00","to":"07:00","time_zone":"Middle/Earth"}}""", "quiet.time_zone")]
    public async Task Bad_settings_are_refused(string body, string member)
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/merge-patch+json");

        using var answer = await asAda.PatchAsync("/api/notification-settings", content);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task Of_a_deleted_person_nothing_is_kept_and_nothing_late_comes_back()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await TellAsync(ada, bob.Id);
        await EntryAsync(asAda, count: 1);

        await chat.DeleteAsync(ada);
        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/notifications")).Count == 0);
        await TellAsync(ada, bob.Id);
        await TellAsync(bob, ada.Id);

        using var asBob = chat.One.As(bob);
        Assert.True((bool)(await EntryAsync(asBob, count: 1))["actors"]![0]!["deleted"]!);
        Assert.Empty(await asAda.ListAsync("/api/notifications"));
    }

    private async Task TellAsync(
        TestUser recipient, Guid? actorId, string kind = "job_like", bool withdrawn = false, DateTimeOffset? at = null, Guid? eventId = null, JsonObject? parameters = null)
    {
        var told = EventDocuments.Example("person-notified.v1");
        told["eventId"] = eventId ?? Guid.CreateVersion7();
        told["recipientId"] = recipient.Id;
        told["kind"] = kind;
        told["actorId"] = actorId;
        told["subject"] = new JsonObject { ["type"] = "job", ["job_id"] = _job.ToString() };
        told["params"] = parameters ?? new JsonObject { ["title"] = "Engineer" };
        told["occurredAt"] = at ?? Time();
        told["withdrawn"] = withdrawn;
        await chat.Environment.Broker.PublishAsync("person-notified.v1", told);
    }

    private DateTimeOffset Time() => Noon.AddMinutes(_minute++);

    private static Task<JsonObject> EntryAsync(HttpClient client, int count) => Eventually.GetAsync(async () =>
        (await client.ListAsync("/api/notifications")).FirstOrDefault(entry => (int)entry["count"]! == count));

    private static async Task ReadAsync(HttpClient client, long upTo)
    {
        using var answer = await client.PutAsJsonAsync("/api/notifications/read", new { up_to_seq = upTo });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
