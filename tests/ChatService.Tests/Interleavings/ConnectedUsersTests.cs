using Explaino.ChatService.Presence;
using Explaino.Testing;
using Explaino.Testing.Interleavings;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Tests.Interleavings;

/// <summary>What the keeper of an instance's lease writes of its people, in any order of connections that come and go: nobody is gone before the grace is over.</summary>
public sealed class ConnectedUsersTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly IOptions<PresenceSettings> Settings = Options.Create(new PresenceSettings { OfflineAfter = TimeSpan.FromSeconds(2) });
    private static readonly Guid Ada = Guid.CreateVersion7();

    // Each takes threads of its own.
    private static int Schedules => Scale.Of(test: 1_000, shortRun: 10_000, longRun: 100_000);

    [Fact]
    public void Whoever_comes_back_within_the_grace_was_never_away() => Interleaving.Explore(Schedules, schedule =>
    {
        var users = new ConnectedUsers(Settings, schedule.Clock);
        Arrange(schedule, id => users.Add(id, Ada, Ada), users.Remove, () => users.Present().ContainsKey(Ada));
        return () => { };
    });

    [Fact]
    public void Seeded_who_is_forgotten_before_it_is_noted_when_they_left_is_seen_to_be_away()
    {
        var found = Interleaving.FindFailure(Schedules, schedule =>
        {
            var (connections, leftAt) = (new HashSet<Guid>(), (DateTimeOffset?)null);
            Arrange(
                schedule,
                id => connections.Add(id),
                id =>
                {
                    connections.Remove(id);
                    leftAt = schedule.Clock.GetUtcNow();
                },
                () => connections.Count > 0 || schedule.Clock.GetUtcNow() - leftAt < Settings.Value.OfflineAfter);
            return () => { };
        });

        Assert.Equal("Away within the grace.", found?.Failure.Message);
    }

    private static void Arrange(Schedule schedule, Action<Guid> add, Action<Guid> remove, Func<bool> isPresent)
    {
        var isOver = false;
        add(Guid.Empty);
        schedule.RunPreempted(() =>
        {
            var connection = Guid.Empty;
            foreach (var _ in Enumerable.Range(0, 4))
            {
                schedule.Sleep(TimeSpan.Zero, Second, 3 * Second);
                remove(connection);
                schedule.Sleep(TimeSpan.Zero, Second);
                connection = Guid.CreateVersion7();
                add(connection);
            }

            isOver = true;
        });
        schedule.RunPreempted(() =>
        {
            while (!isOver)
            {
                schedule.Sleep(TimeSpan.Zero, Second);
                if (!isPresent())
                {
                    throw new InvalidOperationException("Away within the grace.");
                }
            }
        });
    }
}
