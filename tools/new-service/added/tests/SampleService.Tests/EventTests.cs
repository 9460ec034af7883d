using Explaino.Testing;

namespace Explaino.SampleService.Tests;

/// <summary>What other services say, as documented in docs/events: twice, late, in any order.</summary>
public sealed class EventTests(SampleHost host) : IClassFixture<SampleHost>
{
    [Fact]
    public async Task A_repeated_event_changes_nothing()
    {
        var user = await host.NewMemberAsync();
        var before = await host.As(user).GetObjectAsync("/api/samples/me");

        await host.PublishAsync("user-created.v1", user);
        await host.NewMemberAsync(); // Comes after it on the same queue.

        Assert.Equal(before.ToJsonString(), (await host.As(user).GetObjectAsync("/api/samples/me")).ToJsonString());
    }

    [Fact]
    public async Task Who_is_deleted_loses_it_and_stays_deleted_whatever_comes_late()
    {
        var user = await host.NewMemberAsync();

        await host.PublishAsync("user-deleted.v1", user);
        await Eventually.TrueAsync(async () => !await host.HasSampleAsync(user));
        await host.PublishAsync("user-created.v1", user);
        await host.NewMemberAsync(); // Comes after it on the same queue.

        Assert.False(await host.HasSampleAsync(user));
    }
}
