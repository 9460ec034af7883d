namespace Explaino.Testing;

/// <summary>The system's clock, which a test can put forward, or set as somebody sets a wrong one: it goes on by itself, so that nothing that waits is stuck.</summary>
public sealed class TestClock : TimeProvider
{
    private long _ahead;
    private long _set;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead) + Interlocked.Read(ref _set));

    public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Read(ref _ahead) * (TimestampFrequency / TimeSpan.TicksPerSecond));

    /// <summary>So much time passes.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    /// <summary>No time passes, but the clock is set by so much; a correction of it is the opposite.</summary>
    public void SetBy(TimeSpan time) => Interlocked.Add(ref _set, time.Ticks);
}
