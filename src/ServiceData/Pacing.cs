namespace Explaino.ServiceData;

/// <summary>Pacing: work begins at once, but no sooner than an interval after it began before; what arrives meanwhile is done together. For one worker.</summary>
public sealed class Pacing(TimeSpan interval, TimeProvider clock)
{
    private long? _began;

    /// <summary>Returns when work may begin, and takes that for its beginning.</summary>
    /// <param name="now">It begins at once: there is enough to do.</param>
    public async Task WaitAsync(bool now, CancellationToken cancellationToken)
    {
        // A timer counts in whole milliseconds, and may be a little early.
        while (!now && _began is { } began && interval - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), clock, cancellationToken);
        }

        _began = clock.GetTimestamp();
    }
}
