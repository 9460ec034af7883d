using Explaino.ServiceDefaults.Authentication;
using Explaino.Testing;
using Explaino.Testing.Interleavings;

namespace Explaino.ServiceDefaults.Tests.Interleavings;

/// <summary>
/// The set of revoked sessions in any order of events, Identity's answers, expiries and a clock that is set: who was refused once is refused until their tokens expire.
/// </summary>
public sealed class RevokedSessionsTests
{
    private static readonly TimeSpan[] Moments = [TimeSpan.Zero, TimeSpan.FromMinutes(5)];
    private static readonly TimeSpan[] Times = [TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)];

    // Each takes threads of its own.
    private static int Schedules => Scale.Of(test: 1_000, shortRun: 10_000, longRun: 100_000);

    [Fact]
    public void Who_was_refused_once_is_refused_until_their_tokens_expire_and_their_connections_are_ended_once() => Interleaving.Explore(Schedules, schedule =>
    {
        var ended = new List<Guid>();
        var sessions = new RevokedSessions(schedule.Clock);
        sessions.Revoked += ended.Add;
        Arrange(
            schedule,
            sessions.Add,
            answer => sessions.Fill(answer.Select(id => new RevokedSession(id, default))),
            id => IsRevoked(sessions, id));
        return () => Assert.Equal(ended.Distinct(), ended);
    });

    [Fact]
    public void Seeded_a_set_that_Identitys_answer_replaces_loses_what_an_event_told_while_the_answer_was_under_way() => AssertLetsIn(schedule =>
    {
        var revoked = new HashSet<Guid>();
        Arrange(schedule, id => revoked.Add(id), answer => revoked = [.. answer], id => revoked.Contains(id));
    });

    [Fact]
    public void Seeded_a_set_that_goes_by_the_clock_forgets_when_that_is_set() => AssertLetsIn(schedule =>
    {
        var expiresAt = new Dictionary<Guid, DateTimeOffset>();
        Arrange(
            schedule,
            id => expiresAt[id] = schedule.Clock.GetUtcNow() + BearerAuthentication.RevocationLifetime,
            answer => answer.ForEach(id => expiresAt.TryAdd(id, schedule.Clock.GetUtcNow() + BearerAuthentication.RevocationLifetime)),
            id => expiresAt.TryGetValue(id, out var at) && at > schedule.Clock.GetUtcNow());
    });

    private static bool IsRevoked(RevokedSessions sessions, Guid id)
    {
        // It is known in memory, so nothing waits.
        var answer = sessions.IsRevokedAsync(id, Guid.Empty, default).AsTask();
        Assert.True(answer.IsCompletedSuccessfully);
        return answer.GetAwaiter().GetResult();
    }

    private static void AssertLetsIn(Action<Schedule> arrange)
    {
        var found = Interleaving.FindFailure(Schedules, schedule =>
        {
            arrange(schedule);
            return () => { };
        });

        Assert.Equal("A revoked session is let in.", found?.Failure.Message);
    }

    private static void Arrange(Schedule schedule, Action<Guid> add, Action<List<Guid>> fill, Func<Guid, bool> isRevoked)
    {
        var (identity, told) = (new Dictionary<Guid, long>(), new HashSet<Guid>());
        bool IsAlive(Guid id) => schedule.Clock.GetElapsedTime(identity[id]) < BearerAuthentication.RevocationLifetime;
        fill([]);
        foreach (var id in Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()))
        {
            schedule.RunPreempted(() =>
            {
                schedule.Sleep(Times);
                identity[id] = schedule.Clock.GetTimestamp();
                schedule.Sleep(Moments);
                add(id);
                told.Add(id);
            });
        }

        schedule.RunPreempted(() => Repeat(6, () =>
        {
            List<Guid> answer = [.. identity.Keys.ToList().Where(IsAlive)];
            schedule.Sleep(Moments);
            fill(answer);
            told.UnionWith(answer);
            schedule.Sleep(Times);
        }));
        schedule.RunPreempted(() => Repeat(3, () =>
        {
            schedule.Sleep(Times);
            schedule.Clock.JumpTo(TimeSpan.FromHours(schedule.Choose(3) - 1));
        }));
        schedule.RunPreempted(() => Repeat(20, () =>
        {
            schedule.Sleep(Moments);
            if (told.ToList().Exists(id => !isRevoked(id) && IsAlive(id)))
            {
                throw new InvalidOperationException("A revoked session is let in.");
            }
        }));
    }

    private static void Repeat(int times, Action action)
    {
        foreach (var _ in Enumerable.Range(0, times))
        {
            action();
        }
    }
}
