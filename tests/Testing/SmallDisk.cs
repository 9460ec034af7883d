using System.Diagnostics;

namespace Explaino.Testing;

/// <summary>Disk of a size, for what happens when it is full: a file system in memory, which goes with this process, however that ends.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly Process _holder;

    private SmallDisk(string folder, Process holder) => (Folder, _holder) = (folder, holder);

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Obstacle => Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? null : "Only root can mount a small disk.";

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <param name="size">As mount takes it: 1m.</param>
    /// <param name="owner">The user who may write there; everybody if null.</param>
    public static async Task<SmallDisk> MountAsync(string size, string? owner = null)
    {
        var folder = Directory.CreateTempSubdirectory("explaino-disk-").FullName;
        await Command.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder]);
        if (owner is not null)
        {
            await Command.RunAsync("chown", [$"{owner}:", folder]);
        }

        // Its input ends with this process; a session of its own, so that no signal to the tests ends it before.
        var holder = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", "cat; umount --lazy \"$1\" && rmdir \"$1\"", "sh", folder]) { RedirectStandardInput = true });
        return new(folder, holder!);
    }

    /// <summary>Until nothing more goes onto it.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                ballast.Write(block);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Takes away what it was filled with.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }
}
