namespace Explaino.Testing;

/// <summary>The system's clock, which a test can put forward: it goes on by itself, so that nothing that waits is stuck.</summary>
public sealed class TestClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}
