using System.Collections.Concurrent;
using System.Diagnostics;

namespace Explaino.Testing;

/// <summary>Starts processes that never outlive this one, however it ends: the system kills them with it.</summary>
public static class ChildProcess
{
    private static readonly BlockingCollection<Action> Starts = StartThread();

    /// <param name="start">What to start.</param>
    /// <param name="deathSignal">One that children of the process need, if it has any and ends them itself.</param>
    // The death signal comes when the thread that started the process ends, and threads of the pool end any time.
    public static Task<Process> StartAsync(ProcessStartInfo start, string deathSignal = "KILL")
    {
        string[] command = [start.FileName, .. start.ArgumentList];
        start.FileName = "setpriv";
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["--pdeathsig", deathSignal, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var starts = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        {
            IsBackground = true,
            Name = "Starts child processes",
        };
        thread.Start();
        return starts;
    }
}
