using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Explaino.Testing;

/// <summary>Waits for what happens asynchronously: polls, and fails with the condition's text when the time is over.</summary>
public static class Eventually
{
    // Long, for a busy machine: it costs a failing test only, and what is promised within a time names that time.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    /// <summary>Reads until there is something, and gives it.</summary>
    public static async Task<T> GetAsync<T>(
        Func<Task<T?>> read, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(read))] string text = "")
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await read()) is not null, timeout, text);
        return found!;
    }

    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (timeout ?? DefaultTimeout))
            {
                throw new TimeoutException($"Not within {timeout ?? DefaultTimeout}: {text}");
            }

            await Task.Delay(Step);
        }
    }

    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        TrueAsync(() => Task.FromResult(condition()), timeout, text);
}
