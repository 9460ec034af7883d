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
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
            await using var file = new FileStream(PathOf(key), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            try
            {
                await content.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
                return key;
            }
            catch
            {
                // A full disk is not to stay full of what could not be kept.
                File.Delete(PathOf(key));
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DependencyUnavailableException("The folder for files cannot be written.", e);
        }
    }

    public Task<Stream?> OpenAsync(Guid key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(Guid key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was ever saved there.
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
            if (Guid.TryParseExact(file.Name, "n", out var key) && file.LastWriteTimeUtc < savedBefore)
            {
                yield return key;
            }
        }
    }

    // Sharded by the last two digits: those are random, the first ones are the time.
    private string PathOf(Guid key)
    {
        var name = key.ToString("n");
        return Path.Combine(folder, name[^2..], name);
    }
}
