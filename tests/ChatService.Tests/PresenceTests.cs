using System.Diagnostics;
using Explaino.Testing;

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
        var come = await watching.ExpectAsync("PresenceChanged");
        Assert.Equal(["user_id", "online", "last_seen_at"], come.Select(member => member.Key));
        Assert.True((bool)come["online"]!);
        await phone.ExpectAsync("PresenceChanged", presence => (Guid)presence["user_id"]! == people[0].Id);
        var tablet = await chat.ConnectAsync(people[1], toOther: true);
        await tablet.ExpectAsync("PresenceChanged", presence => (Guid)presence["user_id"]! == people[0].Id);

        await phone.DisposeAsync();
        await tablet.DisposeAsync();

        var gone = await watching.ExpectAsync("PresenceChanged");
        Assert.False((bool)gone["online"]!);
        Assert.NotNull(gone["last_seen_at"]);
        Assert.DoesNotContain(stranger.SoFar(), told => told.Target == "PresenceChanged");
        Assert.DoesNotContain(watching.SoFar(), told => told.Target == "PresenceChanged");
    }

    [Fact]
    public async Task An_instance_that_dies_leaves_nobody_online()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await asAda.StartChatAsync(bob);
        await using var dying = await ServiceProcess.StartAsync(Service.Chat, chat.Environment.Settings);
        await using var watching = await chat.ConnectAsync(ada);
        await using var device = await HubClient.ConnectAsync(dying.Address, chat.Environment.Issuer.Issue(bob));
        var come = await watching.ExpectAsync("PresenceChanged");
        Assert.True((bool)come["online"]!);

        await dying.KillAsync();

        var gone = await watching.ExpectAsync("PresenceChanged", timeout: TimeSpan.FromSeconds(30));
        Assert.Equal(bob.Id, (Guid)gone["user_id"]!);
        Assert.False((bool)gone["online"]!);
    }

    [Fact]
    public async Task An_instance_that_is_told_to_stop_lets_its_devices_go_at_once()
    {
        await using var instance = await ServiceProcess.StartAsync(Service.Chat, chat.Environment.Settings);
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
}
