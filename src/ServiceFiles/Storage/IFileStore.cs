namespace Explaino.ServiceFiles.Storage;

/// <summary>
/// Where a service keeps the bytes that people upload. A row names each file by its key: the file is saved before the row is written and deleted
/// after the row is gone, so that a process that dies in between leaves a file without a row, which <see cref="OrphanSweeper{TContext}"/> finds.
/// </summary>
public interface IFileStore
{
    /// <summary>Keeps the rest of <paramref name="content"/>, durably, under a key of its own.</summary>
    Task<Guid> SaveAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Keeps something made of a file beside it, durably, in the place of what is there under that name.</summary>
    /// <param name="variant">Small letters, digits and hyphens.</param>
    Task SaveVariantAsync(Guid key, string variant, Stream content, CancellationToken cancellationToken);

    /// <summary>The bytes, seekable; null if there is no such file.</summary>
    Task<Stream?> OpenAsync(Guid key, CancellationToken cancellationToken) => OpenAsync(key, null, cancellationToken);

    /// <summary>The bytes of the file, or of one of its variants.</summary>
    Task<Stream?> OpenAsync(Guid key, string? variant, CancellationToken cancellationToken);

    /// <summary>Deletes the file with its variants, if they are there.</summary>
    Task DeleteAsync(Guid key, CancellationToken cancellationToken);

    /// <summary>The keys of all files and variants saved before a time; maybe one more than once.</summary>
    IAsyncEnumerable<Guid> ListAsync(DateTimeOffset savedBefore, CancellationToken cancellationToken);
}
