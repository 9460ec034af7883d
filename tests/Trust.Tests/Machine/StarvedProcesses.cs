using System.Runtime.InteropServices;

namespace Explaino.Trust.Tests.Machine;

/// <summary>Processes that run 10 ms of each 100 (SIGSTOP, SIGCONT), all at the same time: a tenth of a processor, whatever else the machine has.</summary>
internal sealed class StarvedProcesses : IDisposable
{
    private const int Stop = 19, Continue = 18;

    private static readonly TimeSpan Running = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Stopped = TimeSpan.FromMilliseconds(90);

    private readonly IReadOnlyList<int> _processes;
    private readonly Thread _thread;
    private volatile bool _isOver;

    private StarvedProcesses(IReadOnlyList<int> processes)
    {
        _processes = processes;
        // A thread of its own: those of the pool are not on time.
        _thread = new Thread(Starve) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public static StarvedProcesses Begin(IReadOnlyList<int> processes) => new(processes);

    /// <summary>Whether a process is stopped right now.</summary>
    public static bool IsStopped(int process) => File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].TrimStart().StartsWith('T');

    /// <summary>Lets them run again.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Starve()
    {
        while (!_isOver)
        {
            Signal(Stop);
            Thread.Sleep(Stopped);
            Signal(Continue);
            Thread.Sleep(Running);
        }
    }

    private void Signal(int signal)
    {
        foreach (var process in _processes)
        {
            _ = Kill(process, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
