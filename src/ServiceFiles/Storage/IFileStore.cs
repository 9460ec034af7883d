namespace Explaino.ServiceFiles.Storage;

/// <summary>
/// Where a service keeps the bytes that people upload. A row names each file by its key: the file is saved before the row is written and deleted
/// after the row is gone, so that a process that dies in between leaves a file without a row, which <see cref="OrphanSweeper{TContext}"/> finds.
/// </summary>
public interface IFileStore
{
    /// <summary>Keeps the rest of <paramref name="content"/>, durably, under a key of its own.</summary>
    Task<Guid> SaveAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>The bytes, seekable; null if there is no such file.</summary>
    Task<Stream?> OpenAsync(Guid key, CancellationToken cancellationToken);

    /// <summary>Deletes the file, if it is there.</summary>
    Task DeleteAsync(Guid key, CancellationToken cancellationToken);

    /// <summary>The keys of all files saved before a time.</summary>
    IAsyncEnumerable<Guid> ListAsync(DateTimeOffset savedBefore, CancellationToken cancellationToken);
}
