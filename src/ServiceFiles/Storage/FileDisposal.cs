using Microsoft.Extensions.Logging;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Best-effort deletion of files that no row names any more: nobody waits for it or hears of it if it fails, because the sweep finds what is left over.</summary>
public sealed class FileDisposal(IFileStore store, ILogger<FileDisposal> logger)
{
    /// <summary>One file, or none.</summary>
    public Task DiscardAsync(Guid? key) => key is null ? Task.CompletedTask : DiscardAsync([key.Value]);

    public async Task DiscardAsync(params IEnumerable<Guid> keys)
    {
        foreach (var key in keys)
        {
            try
            {
                await store.DeleteAsync(key, CancellationToken.None);
            }
            catch (Exception e)
            {
                logger.LogWarning(e, "File {Key} is left to the sweep", key);
            }
        }
    }
}
