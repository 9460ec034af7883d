using Explaino.ServiceFiles.Storage;

namespace Explaino.JobBoardService.Images;

/// <summary>Deletes the files of rows that are gone: nobody waits for it or hears of it if it fails, because the sweep finds what is left over.</summary>
internal sealed class UploadedFiles(IFileStore store, ILogger<UploadedFiles> logger)
{
    public async Task DeleteAllAsync(IEnumerable<Guid> keys)
    {
        foreach (var key in keys)
        {
            try
            {
                await store.DeleteAsync(key, CancellationToken.None);
            }
            catch (Exception e)
            {
                logger.LogWarning("File {Key} is left to the sweep: {Reason}", key, e.GetBaseException().GetType().Name);
            }
        }
    }
}
