using System.Security.Cryptography;
using Explaino.ChatService.Hub;
using Explaino.ChatService.Presence;
using Explaino.ChatService.Push;
using Explaino.ChatService.Push.Providers;
using Explaino.Testing;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Tests;

/// <summary>A clock that is set, by an operator or a time server, makes nothing last longer or end sooner within a process.</summary>
public sealed class ClockTests
{
    private readonly TestClock _clock = new();

    public static TheoryData<TimeSpan> Settings => [TimeSpan.FromHours(1), TimeSpan.FromHours(-1)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Typing_is_told_every_two_seconds(TimeSpan by)
    {
        var throttle = new TypingThrottle(_clock);
        Assert.True(throttle.MayTell(Guid.Empty, Guid.Empty));
        _clock.SetBy(by);
        Assert.False(throttle.MayTell(Guid.Empty, Guid.Empty));

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(throttle.MayTell(Guid.Empty, Guid.Empty));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Who_left_is_away_after_the_grace(TimeSpan by)
    {
        var settings = new PresenceSettings();
        var users = new ConnectedUsers(Options.Create(settings), _clock);
        users.Add(Guid.Empty, Guid.Empty, Guid.Empty);
        users.Remove(Guid.Empty);
        _clock.SetBy(by);
        Assert.NotEmpty(users.Present());

        _clock.Advance(settings.OfflineAfter);

        Assert.Empty(users.Present());
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_token_for_APNs_is_made_anew_after_forty_minutes(TimeSpan by)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new PushSettings { Apns = new() { KeyId = "key", TeamId = "team", PrivateKey = key.ExportPkcs8PrivateKeyPem() } };
        var token = new ApnsToken(Options.Create(settings), _clock);
        var first = token.Get();
        _clock.SetBy(by);
        Assert.Equal(first, token.Get());

        _clock.Advance(TimeSpan.FromMinutes(41));

        Assert.NotEqual(first, token.Get());
    }
}
