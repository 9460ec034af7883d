namespace Explaino.Testing.Interleavings;

/// <summary>A thread that runs only while it is told to, until it yields or ends.</summary>
internal sealed class Fiber
{
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _back = new(0);
    private readonly TaskCompletionSource _ended = new();
    private readonly Thread _thread;

    [ThreadStatic]
    private static Fiber? _current;

    public Fiber(Action work, Action prepare) => _thread = new(() =>
    {
        _current = this;
        _go.Wait();
        try
        {
            prepare();
            work();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }

        _back.Release();
    }, maxStackSize: 256 * 1024)
    { IsBackground = true };

    /// <summary>The one that asks; null on any other thread.</summary>
    public static Fiber? Current => _current;

    public Task Ended => _ended.Task;

    /// <summary>When it goes on: given how, the last yield says; null: when its turn comes.</summary>
    public Action<Action>? Later { get; private set; }

    /// <returns>Whether there is more to do.</returns>
    public bool GoOn()
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Start();
        }

        _go.Release();
        _back.Wait();
        return !_ended.Task.IsCompleted;
    }

    public void Yield(Action<Action>? later = null)
    {
        Later = later;
        _back.Release();
        _go.Wait();
    }
}
