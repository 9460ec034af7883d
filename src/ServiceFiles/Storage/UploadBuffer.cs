using Explaino.ServiceDefaults.Errors;
using Microsoft.Extensions.Configuration;

namespace Explaino.ServiceFiles.Storage;

/// <summary>The temporary file of an upload. It is unlinked as soon as it is open, so that no crash leaves it on the disk.</summary>
internal static class UploadBuffer
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Where uploads lie until they are kept.</summary>
    public static string FolderOf(IConfiguration configuration) => configuration["Uploads:Folder"] ?? Path.GetTempPath();

    public static FileStream Open(string folder)
    {
        var path = Path.Combine(folder, $"explaino-upload-{Guid.CreateVersion7():n}");
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            });
            File.Delete(path);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Full(e);
        }
    }

    /// <summary>Fills the file from what the client sends.</summary>
    /// <returns>False if there is more of it than may be.</returns>
    /// <exception cref="DependencyUnavailableException">The disk is full: it is not the client that is at fault.</exception>
    public static async Task<bool> FillAsync(this FileStream file, Stream content, long maximumSize, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkSize];
        var size = 0L;
        int read;
        while ((read = await content.ReadAsync(chunk, cancellationToken)) > 0)
        {
            size += read;
            if (size > maximumSize)
            {
                return false;
            }

            try
            {
                await file.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            }
            catch (IOException e)
            {
                throw Full(e);
            }
        }

        file.Position = 0;
        return true;
    }

    private static DependencyUnavailableException Full(Exception e) => new("The folder for uploads cannot be written.", e);
}
