using System.Runtime.CompilerServices;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Files in a folder of this machine, or of a volume that all instances mount.</summary>
/// <remarks>
/// Written in place: nobody knows a key before its file is on the disk, and one that was interrupted is an orphan like any other.
/// </remarks>
internal sealed class FolderStore(string folder) : IFileStore
{
    public async Task<Guid> SaveAsync(Stream content, CancellationToken cancellationToken)
    {
        var key = Guid.CreateVersion7();
        await WriteAsync(PathOf(key), FileMode.CreateNew, content, cancellationToken);
        return key;
    }

    /// <remarks>Written beside its place: others read it as soon as it is there.</remarks>
    public async Task SaveVariantAsync(Guid key, string variant, Stream content, CancellationToken cancellationToken)
    {
        var path = PathOf(key, variant);
        await WriteAsync($"{path}.part", FileMode.Create, content, cancellationToken);
        File.Move($"{path}.part", path, overwrite: true);
    }

    public Task<Stream?> OpenAsync(Guid key, string? variant, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(key, variant), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(Guid key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var shard = Path.GetDirectoryName(path)!;
        if (Directory.Exists(shard))
        {
            foreach (var file in Directory.EnumerateFiles(shard, $"{Path.GetFileName(path)}*"))
            {
                File.Delete(file);
            }
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<Guid> ListAsync(DateTimeOffset savedBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (StoredName.TryParse(file.Name, out var key) && file.LastWriteTimeUtc < savedBefore)
            {
                yield return key;
            }
        }
    }

    private static async Task WriteAsync(string path, FileMode mode, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = new FileStream(path, mode, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            try
            {
                await content.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            catch
            {
                // A full disk is not to stay full of what could not be kept.
                File.Delete(path);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DependencyUnavailableException("The folder for files cannot be written.", e);
        }
    }

    // Sharded by the last two digits: those are random, the first ones are the time.
    private string PathOf(Guid key, string? variant = null) => Path.Combine(folder, key.ToString("n")[^2..], StoredName.Of(key, variant));
}
