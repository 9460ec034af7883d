namespace Explaino.Testing.Interleavings;

/// <summary>The time of a <see cref="Schedule"/>: it stands still until nothing else can go on, and then jumps to the next timer.</summary>
public sealed class ScheduledClock : TimeProvider
{
    private readonly Schedule _schedule;
    private readonly List<Timer> _timers = [];
    private long _now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;
    private long _ahead;

    internal ScheduledClock(Schedule schedule) => _schedule = schedule;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Sets what people call the time, which timers and timestamps do not go by.</summary>
    public void JumpTo(TimeSpan ahead) => _ahead = ahead.Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        Schedule.Interrupt();
        var read = new DateTimeOffset(_now + _ahead, TimeSpan.Zero);
        Schedule.Interrupt();
        return read;
    }

    public override long GetTimestamp()
    {
        Schedule.Interrupt();
        var read = _now;
        Schedule.Interrupt();
        return read;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <returns>Whether there was a timer to move on to.</returns>
    internal bool MoveOn()
    {
        if (_timers.Count == 0)
        {
            return false;
        }

        _now = Math.Max(_now, _timers.Min(timer => timer.DueAt));
        foreach (var timer in _timers.FindAll(timer => timer.DueAt <= _now))
        {
            _timers.Remove(timer);
            var set = timer.Set;
            _schedule.AddReady(() => timer.Fire(set));
        }

        return true;
    }

    private sealed class Timer(ScheduledClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long DueAt { get; private set; }

        /// <summary>How often it was set: what was to come of an earlier setting does not.</summary>
        public int Set { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (Set, _period) = (Set + 1, period);
            clock._timers.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                DueAt = clock._now + dueTime.Ticks;
                clock._timers.Add(this);
            }

            return true;
        }

        public void Fire(int set)
        {
            if (set != Set)
            {
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                DueAt += _period.Ticks;
                clock._timers.Add(this);
            }

            // Without it, what the timer completes would go on at once, in its place.
            SynchronizationContext.SetSynchronizationContext(null);
            callback();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
