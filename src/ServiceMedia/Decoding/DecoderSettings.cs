using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceMedia.Decoding;

/// <summary><c>Media</c>: how pictures are decoded, and how much one may cost.</summary>
internal sealed class DecoderSettings(IConfiguration configuration, IHostEnvironment environment)
{
    private const long MiB = 1024 * 1024;

    /// <summary>What the process is told: nothing of the service's own settings, and how to be small.</summary>
    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_GCHeapHardLimit"] = $"{96 * MiB:X}",
        ["MALLOC_ARENA_MAX"] = "2",
        // Nothing is written to the disk, however large, and nothing to the log.
        ["VIPS_DISC_THRESHOLD"] = "4g",
        ["VIPS_WARNING"] = "0",
    };

    /// <summary>How many pictures are decoded at a time: no more than there are cores.</summary>
    public int Processes { get; } = Math.Clamp(configuration.GetValue("Media:Processes", 2), 1, System.Environment.ProcessorCount);

    /// <summary>What a process may write to, in bytes, the runtime's share included.</summary>
    public long Memory { get; } = configuration.GetValue("Media:MemoryMiB", 512L) * MiB;

    /// <summary>Processor time for a picture, in whole seconds.</summary>
    public int Seconds { get; } = configuration.GetValue("Media:Seconds", 2);

    /// <summary>Time for a picture on a machine that is busy; and how long one waits for a process.</summary>
    public TimeSpan Patience { get; } = configuration.GetValue("Media:Patience", TimeSpan.FromSeconds(10));

    /// <summary>The runtime that this process runs on.</summary>
    public string Host { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>The service's own binary.</summary>
    public string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, $"{environment.ApplicationName}.dll");
}
