using System.Threading.Channels;
using Explaino.Testing.Interleavings;

namespace Explaino.Testing.Tests;

/// <summary>The deterministic scheduler: it finds what fails in one order of many, finds it again, and lets nothing go on that it does not know of.</summary>
public sealed class InterleavingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Seeded_a_lost_update_between_two_awaits_is_found_and_found_again()
    {
        var found = Interleaving.FindFailure(1_000, LoseAnUpdate)!.Value;

        Assert.Equal(found.Failure.Message, Interleaving.Fail(found.Seed, LoseAnUpdate)?.Message);
    }

    [Fact]
    public void Seeded_a_lost_update_of_what_does_not_await_is_found_where_it_asks_the_time() =>
        Assert.NotNull(Interleaving.FindFailure(1_000, schedule =>
        {
            var count = 0;
            foreach (var _ in Enumerable.Range(0, 2))
            {
                schedule.RunPreempted(() =>
                {
                    var read = count;
                    schedule.Clock.GetTimestamp();
                    count = read + 1;
                });
            }

            return () => Assert.Equal(2, count);
        }));

    [Fact]
    public void Seeded_a_deadlock_is_found() =>
        Assert.Contains("Deadlock", Interleaving.FindFailure(1_000, schedule =>
        {
            var (one, other) = (new SemaphoreSlim(1), new SemaphoreSlim(1));
            schedule.Run(() => TakeBothAsync(one, other));
            schedule.Run(() => TakeBothAsync(other, one));
            return () => { };
        })!.Value.Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Seeded_what_comes_back_from_another_thread_is_refused() =>
        Assert.Contains("not the schedule's", Interleaving.Fail(0, schedule =>
        {
            schedule.Run(async () =>
            {
                // It ends when it is awaited, not before: what is done by then comes back from nowhere.
                var isAwaited = new ManualResetEventSlim();
                var awaiting = AwaitAsync(Task.Run(isAwaited.Wait));
                isAwaited.Set();
                await awaiting;
            });
            return () => { };
        })!.Message, StringComparison.Ordinal);

    [Fact]
    public void Both_orders_of_a_wake_and_a_timer_that_are_due_at_once_are_tried()
    {
        var seen = new HashSet<bool>();

        Interleaving.Explore(100, schedule =>
        {
            var wakes = Channel.CreateUnbounded<bool>();
            schedule.Run(async () =>
            {
                using var limit = new CancellationTokenSource(Second, schedule.Clock);
                try
                {
                    seen.Add(await wakes.Reader.ReadAsync(limit.Token));
                }
                catch (OperationCanceledException)
                {
                    seen.Add(false);
                }
            });
            schedule.Run(async () =>
            {
                await Task.Delay(Second, schedule.Clock);
                wakes.Writer.TryWrite(true);
            });
            return () => { };
        });

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void An_hour_passes_at_once_and_timers_come_in_their_order()
    {
        var ticks = new List<TimeSpan>();

        Interleaving.Explore(1, schedule =>
        {
            var began = schedule.Clock.GetTimestamp();
            schedule.Run(async () =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMinutes(20), schedule.Clock);
                while (ticks.Count < 3 && await timer.WaitForNextTickAsync())
                {
                    ticks.Add(schedule.Clock.GetElapsedTime(began));
                }
            });
            return () => { };
        });

        Assert.Equal([TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(40), TimeSpan.FromHours(1)], ticks);
    }

    private static Action LoseAnUpdate(Schedule schedule)
    {
        var count = 0;
        foreach (var _ in Enumerable.Range(0, 2))
        {
            schedule.Run(async () =>
            {
                var read = count;
                await schedule.PauseAsync(TimeSpan.Zero);
                count = read + 1;
            });
        }

        return () => Assert.Equal(2, count);
    }

    private static async Task TakeBothAsync(SemaphoreSlim first, SemaphoreSlim second)
    {
        await first.WaitAsync();
        await Task.Yield();
        await second.WaitAsync();
        second.Release();
        first.Release();
    }

    private static async Task AwaitAsync(Task task) => await task;
}
