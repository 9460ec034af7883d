using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Whom a message wakes: devices of those who have not read it 2 s later, are not connected, and want it. Seen in the pickup folder.</summary>
public sealed class PushTests(TwoInstances chat)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // An instance that another test kills may have had it in hand.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_message_wakes_the_devices_of_the_others_after_two_seconds_once_for_a_conversation()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var (own, phone, tablet) = (await chat.RegisterAsync(ada), await chat.RegisterAsync(bob), await chat.RegisterAsync(bob with { SessionId = Guid.CreateVersion7() }, "none"));
        var id = await asAda.StartChatAsync(bob);

        var said = TimeProvider.System.GetUtcNow();
        var message = await asAda.SayAsync($"chats/{id}", "Secret words");
        var pushed = await PickedUp.PushAsync(phone, id, push => (long)push["seq"]! == 1);
        var after = TimeProvider.System.GetUtcNow() - said;
        var shy = await PickedUp.PushAsync(tablet, id, push => (long)push["seq"]! == 1);
        await asAda.SayAsync($"chats/{id}", "More words");
        var newer = await PickedUp.PushAsync(phone, id, push => (long)push["seq"]! == 2);

        Assert.InRange(after, Grace, Lease + TimeSpan.FromSeconds(10));
        Assert.Equal(["v", "kind", "id", "chat_id", "seq", "badge", "loc_key", "loc_args"], pushed.Select(member => member.Key));
        Assert.Equal((1, "message", (Guid)message["id"]!, id, 1, "message_from"), ((int)pushed["v"]!, (string)pushed["kind"]!, (Guid)pushed["id"]!, (Guid)pushed["chat_id"]!, (int)pushed["badge"]!, (string)pushed["loc_key"]!));
        Assert.Single(pushed["loc_args"]!.AsArray());
        Assert.Equal(("message", 0), ((string)shy["loc_key"]!, shy["loc_args"]!.AsArray().Count));
        Assert.Equal(1, (int)newer["badge"]!);
        Assert.Empty(PickedUp.Files(own));
        Assert.Single(PickedUp.Files(phone));
        Assert.All(PickedUp.Files(phone).Concat(PickedUp.Files(tablet)), file => Assert.DoesNotContain("words", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_text_is_told_where_it_is_wanted_and_fits_into_two_kilobytes()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        var phone = await chat.RegisterAsync(people[1], "full");
        var id = await asAda.StartGroupAsync(people[1..]);

        await asAda.SayAsync($"groups/{id}", new string('ß', 4_000));
        var pushed = await PickedUp.PushAsync(phone, id, _ => true);

        Assert.Equal(("message_from_in", id, "A group"), ((string)pushed["loc_key"]!, (Guid)pushed["group_id"]!, (string)pushed["loc_args"]![1]!));
        Assert.StartsWith("ßßß", (string)pushed["text"]!, StringComparison.Ordinal);
        Assert.InRange(((string)pushed["text"]!).Length, 100, 2_000);
    }

    [Fact]
    public async Task Who_has_read_muted_blocked_or_switched_off_or_is_connected_is_not_woken()
    {
        var people = await chat.PeopleAsync(7);
        using var asAda = chat.One.As(people[0]);
        var id = await asAda.StartGroupAsync(people[1..]);
        var devices = await Task.WhenAll(people[1..].Select(person => chat.RegisterAsync(person)));
        using var asReader = chat.One.As(people[1]);
        using var asMuted = chat.Other.As(people[2]);
        using var asOff = chat.Other.As(people[4]);
        using var muted = await asMuted.PatchAsJsonAsync($"/api/groups/{id}/settings", new { muted_until = "forever" });
        using var off = await asOff.PatchAsJsonAsync("/api/notification-settings", new { kinds = new { message = new { push = false } } });
        await BlockAsync(people[3], people[0]);
        await using var connected = await chat.ConnectAsync(people[5], toOther: true);

        var message = await asAda.SayAsync($"groups/{id}", "Who is there?");
        await asReader.ReadAsync($"groups/{id}", message);

        await PickedUp.PushAsync(devices[5], id, _ => true);
        Assert.All(devices[..5], device => Assert.DoesNotContain(PickedUp.Files(device), file => file.Contains($"{id}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_person_whose_other_device_is_connected_is_woken_on_the_one_that_sleeps()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var sleeping = bob with { SessionId = Guid.CreateVersion7() };
        var (awake, asleep) = (await chat.RegisterAsync(bob), await chat.RegisterAsync(sleeping));
        await using var connection = await chat.ConnectAsync(bob);
        var id = await asAda.StartChatAsync(bob);

        await asAda.SayAsync($"chats/{id}", "One of you?");

        await PickedUp.PushAsync(asleep, id, _ => true);
        Assert.Empty(PickedUp.Files(awake));
    }

    [Fact]
    public async Task A_notification_wakes_as_a_message_does_unless_its_kind_is_switched_off()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var phone = await chat.RegisterAsync(ada);
        using var off = await asAda.PatchAsJsonAsync("/api/notification-settings", new { kinds = new { job_comment = new { push = false } } });

        await chat.TellAsync(ada, bob, "job_comment");
        await chat.TellAsync(ada, bob, "job_like");

        await Eventually.TrueAsync(() => PickedUp.Files(phone).Count == 1);
        var push = JsonNode.Parse(await File.ReadAllTextAsync(PickedUp.Files(phone)[0]))!["payload"]!;
        Assert.Equal(("job_like", 2, "job_like"), ((string)push["kind"]!, (int)push["badge"]!, (string)push["loc_key"]!));
        Assert.Equal("1", (string?)push["loc_args"]![1]);
    }

    [Fact]
    public async Task What_an_instance_that_dies_seemed_to_deliver_wakes_its_people_all_the_same()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var phone = await chat.RegisterAsync(bob);
        var id = await asAda.StartChatAsync(bob);
        await using var dying = await ServiceProcess.StartAsync(Service.Chat, chat.Settings);
        await using var device = await HubClient.ConnectAsync(dying.Address, chat.Environment.Issuer.Issue(bob));
        await asAda.SayAsync($"chats/{id}", "Are you there?");
        await device.ExpectAsync("MessageReceived");

        await dying.KillAsync();
        await asAda.SayAsync($"chats/{id}", "Still?");

        await PickedUp.PushAsync(phone, id, push => (long)push["seq"]! == 2, TimeSpan.FromSeconds(40));
    }

    private async Task BlockAsync(TestUser blocker, TestUser blocked)
    {
        await chat.Environment.Broker.PublishBlockAsync("user-blocked.v1", blocker.Id, blocked.Id, 1);
        using var client = chat.One.As(blocker);
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await client.PostAsJsonAsync("/api/groups", new { name = "Nobody", user_ids = new[] { blocked.Id } });
            return answer.StatusCode == HttpStatusCode.Conflict;
        });
    }
}
