using System.Runtime.ExceptionServices;

namespace Explaino.Testing.Interleavings;

/// <summary>Deterministic scheduler: of all that could go on, one continuation at a time does, chosen by a seeded random; time goes on when nothing else can (docs/adr/0065).</summary>
/// <remarks>
/// 1. <see cref="Run(Func{Task})"/> starts what awaits: it is interrupted where it awaits. <see cref="RunPreempted"/> starts what does not: it is interrupted wherever it asks the
/// <see cref="Clock"/>. 2. What is awaited comes back by <see cref="Post"/>. 3. Timers that are due at one moment, and what they wake, are in no order. 4. It ends when all that was
/// run has ended. What comes back from a thread that is not the schedule's is a failure: nothing would say when.
/// </remarks>
public sealed class Schedule : SynchronizationContext
{
    private const int MostSteps = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    [ThreadStatic]
    private static Schedule? _current;

    private readonly Random _random;
    private readonly List<Action> _ready = [];
    private readonly List<Task> _running = [];
    private readonly List<Action> _checks = [];
    private volatile bool _escaped;

    internal Schedule(int seed)
    {
        _random = new(seed);
        Clock = new(this);
    }

    public ScheduledClock Clock { get; }

    /// <summary>One of these numbers, below the limit.</summary>
    public int Choose(int limit) => _random.Next(limit);

    /// <summary>Something that awaits.</summary>
    public void Run(Func<Task> work)
    {
        var ended = new TaskCompletionSource();
        _running.Add(ended.Task);
        _ready.Add(async () =>
        {
            try
            {
                await work();
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        });
    }

    /// <summary>Something that does not await, on a thread of its own, which goes on when its turn comes.</summary>
    public void RunPreempted(Action work)
    {
        var fiber = new Fiber(work, () => _current = this);
        _running.Add(fiber.Ended);
        _ready.Add(() => Resume(fiber));
    }

    /// <summary>Something without an end, as a worker: nobody waits for it.</summary>
    public void RunForever(Func<Task> work) => _ready.Add(async () => await work());

    /// <summary>What must hold whenever nothing can go on but time.</summary>
    public void WhenIdle(Action check) => _checks.Add(check);

    /// <summary>Lets others go on, or so much time pass that the schedule chooses, of these.</summary>
    public Task PauseAsync(params TimeSpan[] times)
    {
        var time = times[Choose(times.Length)];
        return time == TimeSpan.Zero ? YieldAsync() : Task.Delay(time, Clock);
    }

    /// <summary>Lets time pass for what does not await.</summary>
    public void Sleep(params TimeSpan[] times)
    {
        var time = times[Choose(times.Length)];
        Fiber.Current!.Yield(time == TimeSpan.Zero ? null : resume => Clock.CreateTimer(_ => _ready.Add(resume), null, time, Timeout.InfiniteTimeSpan));
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_current != this)
        {
            _escaped = true;
            return;
        }

        _ready.Add(() => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing may wait for a schedule.");

    public override SynchronizationContext CreateCopy() => this;

    internal void AddReady(Action step) => _ready.Add(step);

    /// <summary>Where what does not await is interrupted.</summary>
    internal static void Interrupt() => Fiber.Current?.Yield();

    internal void RunToEnd()
    {
        var before = (Current, _current);
        _current = this;
        try
        {
            for (var steps = 0; _running.Exists(task => !task.IsCompleted); steps++)
            {
                Step(steps);
            }

            _checks.ForEach(check => check());
            HoldNothingEscaped();
        }
        finally
        {
            _current = before._current;
            SetSynchronizationContext(before.Current);
        }

        ThrowFailure();
    }

    private void Step(int steps)
    {
        if (_ready.Count == 0)
        {
            _checks.ForEach(check => check());
            if (!Clock.MoveOn())
            {
                // What was sent to another thread may yet come back from there.
                SpinWait.SpinUntil(() => _escaped, Patience);
                HoldNothingEscaped();
                ThrowFailure();
                throw new InvalidOperationException("Deadlock: nothing can go on.");
            }

            return;
        }

        if (steps > MostSteps)
        {
            throw new InvalidOperationException("Livelock: it goes on without end.");
        }

        var chosen = Choose(_ready.Count);
        var step = _ready[chosen];
        _ready.RemoveAt(chosen);
        SetSynchronizationContext(this);
        step();
    }

    private void Resume(Fiber fiber)
    {
        if (fiber.GoOn())
        {
            (fiber.Later ?? _ready.Add)(() => Resume(fiber));
        }
    }

    private void ThrowFailure()
    {
        if (_running.Find(task => task.IsFaulted)?.Exception?.InnerException is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void HoldNothingEscaped()
    {
        if (_escaped)
        {
            throw new InvalidOperationException("Something came back from a thread that is not the schedule's.");
        }
    }

    private static async Task YieldAsync() => await Task.Yield();
}
