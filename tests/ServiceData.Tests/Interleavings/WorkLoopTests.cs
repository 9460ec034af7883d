using Explaino.Testing.Interleavings;

namespace Explaino.ServiceData.Tests.Interleavings;

/// <summary>The relay's wake-up and drain in any order: what is committed is taken at once, whenever its wake comes, and what failed is tried again.</summary>
public sealed class WorkLoopTests
{
    private const int BatchSize = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    // A pace and two statements for each of the batches that there can be.
    private static readonly TimeSpan AtOnce = 6 * (Pace + (2 * Latency));

    [Fact]
    public void What_is_committed_is_taken_at_once_whenever_its_wake_comes() =>
        Interleaving.Explore(Interleaving.Many, schedule => Arrange(schedule, Loop(schedule), failures: 0));

    [Fact]
    public void What_failed_is_taken_after_the_pause_and_nothing_is_left_behind() =>
        Interleaving.Explore(Interleaving.Many, schedule => Arrange(schedule, Loop(schedule), failures: 3));

    [Fact]
    public void Seeded_a_loop_that_resets_its_signal_after_it_looked_sleeps_through_a_wake()
    {
        var found = Interleaving.FindFailure(Interleaving.Many, schedule => Arrange(schedule, Forgetful(schedule), failures: 0));

        Assert.StartsWith("Taken only after", found?.Failure.Message, StringComparison.Ordinal);
    }

    private static (Action Wake, Func<Func<CancellationToken, Task<bool>>, Task> RunAsync) Loop(Schedule schedule)
    {
        var signal = new WakeSignal();
        return (signal.Wake, work => new WorkLoop(signal, Pause, schedule.Clock).RunAsync(work, _ => { }, CancellationToken.None));
    }

    private static (Action Wake, Func<Func<CancellationToken, Task<bool>>, Task> RunAsync) Forgetful(Schedule schedule)
    {
        var woken = new TaskCompletionSource();
        return (() => woken.TrySetResult(), RunAsync);

        async Task RunAsync(Func<CancellationToken, Task<bool>> work)
        {
            while (true)
            {
                if (!await work(CancellationToken.None))
                {
                    woken = new();
                    await Task.WhenAny(woken.Task, Task.Delay(Pause, schedule.Clock));
                }
            }
        }
    }

    /// <summary>Committers who each wake the loop after their commit, and a loop that takes what it sees, some at a time, as the relay does.</summary>
    private static Action Arrange(Schedule schedule, (Action Wake, Func<Func<CancellationToken, Task<bool>>, Task> RunAsync) loop, int failures)
    {
        var outbox = new List<long>();
        var (pacing, isFull, failedAt, slowest) = (new Pacing(Pace, schedule.Clock), false, long.MinValue, TimeSpan.Zero);
        schedule.RunForever(() => loop.RunAsync(async cancellationToken =>
        {
            await pacing.WaitAsync(isFull, cancellationToken);
            await schedule.PauseAsync(TimeSpan.Zero, Latency);
            var batch = outbox.Take(BatchSize).ToList();
            await schedule.PauseAsync(TimeSpan.Zero, Latency);
            if (schedule.Choose(4) < failures)
            {
                failures--;
                failedAt = schedule.Clock.GetTimestamp();
                throw new TimeoutException();
            }

            outbox.RemoveRange(0, batch.Count);
            batch.ForEach(committedAt => slowest = new[] { slowest, Took(schedule, committedAt, failedAt) }.Max());
            return isFull = batch.Count == BatchSize;
        }));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            schedule.Run(() => CommitAsync(schedule, outbox, loop.Wake));
        }

        schedule.Run(() => Task.Delay(TimeSpan.FromSeconds(20), schedule.Clock));
        return () =>
        {
            Assert.Empty(outbox);
            Assert.True(slowest <= AtOnce, $"Taken only after {slowest.TotalMilliseconds} ms.");
        };
    }

    private static async Task CommitAsync(Schedule schedule, List<long> outbox, Action wake)
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await schedule.PauseAsync(TimeSpan.Zero, Latency, Pace, Pause - Pace, Pause);
            outbox.Add(schedule.Clock.GetTimestamp());
            await schedule.PauseAsync(TimeSpan.Zero);
            wake();
        }
    }

    /// <summary>How long it waited, without the pause after a failure.</summary>
    private static TimeSpan Took(Schedule schedule, long committedAt, long failedAt) => failedAt + Pause.Ticks < committedAt
        ? schedule.Clock.GetElapsedTime(committedAt)
        : schedule.Clock.GetElapsedTime(Math.Max(committedAt, failedAt)) - Pause;
}
