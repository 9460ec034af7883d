using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ChatService.Tests;

/// <summary>Who is there, with several devices and instances, and what becomes of them when an instance goes.</summary>
public sealed class PresenceTests(TwoInstances chat)
{
    [Fact]
    public async Task Presence_follows_the_last_device_and_is_shown_to_contacts_only()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await asAda.StartChatAsync(people[1]);
        await using var watching = await chat.ConnectAsync(people[0]);
        await using var stranger = await chat.ConnectAsync(people[2]);

        var phone = await chat.ConnectAsync(people[1]);
        var come = await watching.ExpectAsync("PresenceChanged", Online(people[1], true));
        Assert.Equal(["user_id", "online", "last_seen_at"], come.Select(member => member.Key));
        await phone.ExpectAsync("PresenceChanged", presence => (Guid)presence["user_id"]! == people[0].Id && (bool)presence["online"]!);
        var tablet = await chat.ConnectAsync(people[1], toOther: true);
        await tablet.ExpectAsync("PresenceChanged", presence => (Guid)presence["user_id"]! == people[0].Id);

        await phone.DisposeAsync();
        await tablet.DisposeAsync();

        var left = TimeProvider.System.GetUtcNow();

        var gone = await watching.ExpectAsync("PresenceChanged", presence => !(bool)presence["online"]! && presence["last_seen_at"] is not null);
        Assert.InRange((DateTimeOffset)gone["last_seen_at"]!, left.AddSeconds(-2), left.AddSeconds(2));
        Assert.DoesNotContain(stranger.SoFar(), told => told.Target == "PresenceChanged");
        Assert.DoesNotContain(watching.SoFar(), told => told.Target == "PresenceChanged" && (bool)told.Argument["online"]!);
    }

    [Fact]
    public async Task On_connecting_one_learns_of_every_contact_who_is_there_and_who_is_not()
    {
        var people = await chat.PeopleAsync(4);
        using var asAda = chat.One.As(people[0]);
        await asAda.StartChatAsync(people[1]);
        await asAda.StartGroupAsync(people[2], people[3]);
        await using var here = await chat.ConnectAsync(people[1], toOther: true);
        await using var watching = await chat.ConnectAsync(people[2]);
        var visitor = await chat.ConnectAsync(people[3]);
        await watching.ExpectAsync("PresenceChanged", Online(people[3], true));
        await visitor.DisposeAsync();
        await watching.ExpectAsync("PresenceChanged", presence => Online(people[3], false)(presence) && presence["last_seen_at"] is not null);
        await watching.DisposeAsync();

        await using var device = await chat.ConnectAsync(people[0]);

        await device.ExpectAsync("PresenceChanged", Online(people[1], true));
        Assert.NotNull((await device.ExpectAsync("PresenceChanged", Online(people[3], false)))["last_seen_at"]);
    }

    [Fact]
    public async Task Both_sides_hear_of_each_other_when_a_chat_begins_and_when_somebody_joins_a_group()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await using var ada = await chat.ConnectAsync(people[0]);
        await using var bob = await chat.ConnectAsync(people[1], toOther: true);
        await using var eve = await chat.ConnectAsync(people[2], toOther: true);
        await PresentAsync(people);

        await asAda.StartChatAsync(people[1]);
        await ada.ExpectAsync("PresenceChanged", Online(people[1], true));
        await bob.ExpectAsync("PresenceChanged", Online(people[0], true));

        var id = await asAda.StartGroupAsync(people[1]);
        using var joined = await asAda.PostAsJsonAsync($"/api/groups/{id}/participants", new { user_ids = new[] { people[2].Id } });
        await eve.ExpectAsync("PresenceChanged", Online(people[0], true));
        await eve.ExpectAsync("PresenceChanged", Online(people[1], true));
        await ada.ExpectAsync("PresenceChanged", Online(people[2], true));
        await bob.ExpectAsync("PresenceChanged", Online(people[2], true));
    }

    [Fact]
    public async Task Coming_back_within_the_grace_is_no_news()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await asAda.StartChatAsync(people[1]);
        await asAda.StartChatAsync(people[2]);
        await using var watching = await chat.ConnectAsync(people[0]);
        var device = await chat.ConnectAsync(people[1]);
        await watching.ExpectAsync("PresenceChanged", Online(people[1], true));

        for (var time = 0; time < 3; time++)
        {
            await device.DisposeAsync();
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            device = await chat.ConnectAsync(people[1], toOther: time % 2 == 0);
        }

        // Somebody who comes later is told of later.
        await using var later = await chat.ConnectAsync(people[2]);
        await watching.ExpectAsync("PresenceChanged", Online(people[2], true));
        Assert.DoesNotContain(watching.SoFar(), told => told.Target == "PresenceChanged" && Online(people[1], false)(told.Argument) && told.Argument["last_seen_at"] is not null);
        Assert.DoesNotContain(watching.SoFar(), told => told.Target == "PresenceChanged" && Online(people[1], true)(told.Argument));
        await device.DisposeAsync();
    }

    [Fact]
    public async Task An_instance_that_stops_makes_nobody_offline_who_goes_on_elsewhere()
    {
        var people = await chat.PeopleAsync(3);
        using var asAda = chat.One.As(people[0]);
        await asAda.StartChatAsync(people[1]);
        await asAda.StartChatAsync(people[2]);
        await using var stopping = await ServiceProcess.StartAsync(Service.Chat, chat.Settings);
        await using var watching = await chat.ConnectAsync(people[0]);
        await using var moving = await HubClient.ConnectAsync(stopping.Address, chat.Environment.Issuer.Issue(people[1]));
        await using var leaving = await HubClient.ConnectAsync(stopping.Address, chat.Environment.Issuer.Issue(people[2]));
        await watching.ExpectAsync("PresenceChanged", Online(people[1], true));
        await watching.ExpectAsync("PresenceChanged", Online(people[2], true));

        await stopping.StopAsync();
        await using var moved = await chat.ConnectAsync(people[1], toOther: true);

        await watching.ExpectAsync("PresenceChanged", presence => Online(people[2], false)(presence) && presence["last_seen_at"] is not null, TimeSpan.FromSeconds(20));
        Assert.DoesNotContain(watching.SoFar(), told => told.Target == "PresenceChanged" && Online(people[1], false)(told.Argument) && told.Argument["last_seen_at"] is not null);
    }

    [Fact]
    public async Task An_instance_that_dies_leaves_nobody_online()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await asAda.StartChatAsync(bob);
        await using var dying = await ServiceProcess.StartAsync(Service.Chat, chat.Settings);
        await using var watching = await chat.ConnectAsync(ada);
        await using var device = await HubClient.ConnectAsync(dying.Address, chat.Environment.Issuer.Issue(bob));
        await watching.ExpectAsync("PresenceChanged", Online(bob, true));

        await dying.KillAsync();

        await watching.ExpectAsync("PresenceChanged", Online(bob, false), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Who_came_while_the_instances_had_no_link_is_told_when_they_have_one()
    {
        using var rabbit = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Chat, rabbitMq: rabbit);
        await using var one = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        await using var other = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        var (ada, bob) = (TestUser.New("ada.lovelace"), TestUser.New("bob.babbage"));
        foreach (var person in new[] { ada, bob })
        {
            var created = EventDocuments.Example("user-created.v1");
            (created["userId"], created["username"]) = (person.Id, person.Username);
            await environment.Broker.PublishAsync("user-created.v1", created);
        }

        one.Client.DefaultRequestHeaders.Authorization = new("Bearer", environment.Issuer.Issue(ada));
        await Eventually.TrueAsync(async () => (await one.Client.PostAsJsonAsync("/api/chats", new { user_id = bob.Id })).IsSuccessStatusCode, TimeSpan.FromSeconds(20));
        await using var watching = await HubClient.ConnectAsync(one.Address, environment.Issuer.Issue(ada));
        await watching.ExpectAsync("PresenceChanged", Online(bob, false));

        await rabbit.StopAsync();
        await using var device = await HubClient.ConnectAsync(other.Address, environment.Issuer.Issue(bob));
        await Eventually.TrueAsync(() => IsWrittenAsync(environment, bob), TimeSpan.FromSeconds(20));
        await rabbit.StartAsync();

        await watching.ExpectAsync("PresenceChanged", Online(bob, true), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_instance_that_is_told_to_stop_lets_its_devices_go_at_once()
    {
        await using var instance = await ServiceProcess.StartAsync(Service.Chat, chat.Settings);
        await using var gateway = await ChatBehindGateway.StartGatewayAsync(chat.Environment, instance.Address);
        var token = chat.Environment.Issuer.Issue(TestUser.New());
        var devices = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HubClient.ConnectAsync(gateway.Address, token)));
        var started = Stopwatch.GetTimestamp();

        var code = await instance.StopAsync();

        Assert.True(code == 0, instance.Log);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"It took {Stopwatch.GetElapsedTime(started)}.");
        await Task.WhenAll(devices.Select(device => device.Closed.WaitAsync(TimeSpan.FromSeconds(5))));
        await Task.WhenAll(devices.Select(device => device.DisposeAsync().AsTask()));
    }

    /// <summary>Whether an instance has written that they are there, and therefore tried to tell others.</summary>
    private static async Task<bool> IsWrittenAsync(ServiceEnvironment environment, TestUser user)
    {
        await using var connection = new NpgsqlConnection(environment.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM present_users WHERE user_id = $1)", connection) { Parameters = { new() { Value = user.Id } } };
        return await command.ExecuteScalarAsync() is true;
    }

    private static Func<JsonObject, bool> Online(TestUser user, bool online) =>
        presence => (Guid)presence["user_id"]! == user.Id && (bool)presence["online"]! == online;

    /// <summary>Until they all count as there.</summary>
    private Task PresentAsync(TestUser[] people) => Eventually.TrueAsync(async () =>
    {
        await using var connection = new NpgsqlConnection(chat.Environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(DISTINCT user_id) FROM present_users WHERE user_id = ANY(@users)", connection);
        command.Parameters.AddWithValue("users", people.Select(person => person.Id).ToArray());
        return (long)(await command.ExecuteScalarAsync())! == people.Length;
    });
}
