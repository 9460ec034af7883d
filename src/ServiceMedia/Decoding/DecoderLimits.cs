using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>
/// Resource limits (setrlimit) that a decoder sets to itself before it reads its first byte, so that the kernel ends it whatever a picture makes of it.
/// </summary>
internal static partial class DecoderLimits
{
    private const int ProcessorTime = 0, FileSize = 1, Data = 2, Core = 4;

    /// <summary>Hard limit of processor time, above every soft one that <see cref="AllowSeconds"/> sets: an hour, after which a process is replaced anyway.</summary>
    private const ulong MaximumSeconds = 3600;

    /// <param name="memory">What the process may write to, in bytes; reserved addresses do not count.</param>
    public static void Apply(ulong memory)
    {
        Set(Data, memory, memory);
        Set(FileSize, 0, 0);
        Set(Core, 0, 0);

        try
        {
            // Where memory is short after all, the kernel is to take the decoder, not the service.
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Some containers' runtimes do not let it choose; the other limits hold all the same.
        }
    }

    /// <summary>So much processor time more, from now on.</summary>
    public static void AllowSeconds(int seconds)
    {
        using var process = Process.GetCurrentProcess();
        Set(ProcessorTime, (ulong)Math.Ceiling(process.TotalProcessorTime.TotalSeconds) + (ulong)seconds, MaximumSeconds);
    }

    private static void Set(int resource, ulong soft, ulong hard)
    {
        if (SetLimit(resource, new Limit(soft, hard)) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
