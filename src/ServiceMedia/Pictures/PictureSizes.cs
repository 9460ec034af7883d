using System.Collections.Concurrent;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Decoding;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceMedia.Pictures;

/// <summary>A picture that a row names.</summary>
/// <param name="LongestSide">In pixels; null of one that was stored before it was known, and which was not encoded anew.</param>
public sealed record NamedPicture(Guid Key, string ContentType, int? LongestSide, DateTimeOffset CreatedAt);

/// <summary>
/// Thumbnails: each size of a picture is made when it is first asked for, and kept beside the picture. Made once, however many ask at the same time:
/// within an instance all wait for the same task, and of several instances the one that has the picture's advisory lock makes it.
/// </summary>
public sealed class PictureSizes<TContext> where TContext : DbContext
{
    private readonly IFileStore _store;
    private readonly Decoders _decoders;
    private readonly NamedFiles<TContext> _named;
    private readonly IServiceScopeFactory _scopes;
    private readonly ConcurrentDictionary<(Guid, string), Lazy<Task>> _underWay = new();

    internal PictureSizes(IFileStore store, Decoders decoders, NamedFiles<TContext> named, IServiceScopeFactory scopes) =>
        (_store, _decoders, _named, _scopes) = (store, decoders, named, scopes);

    /// <summary>The picture in a size: WebP where the client names it, else JPEG or PNG.</summary>
    /// <returns>Null if the picture has gone.</returns>
    public async Task<FileResponse?> OpenAsync(NamedPicture picture, int? size, HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers.Vary = "Accept";
        var wanted = size is { } side && side < (picture.LongestSide ?? int.MaxValue) ? side : PictureSize.Largest;
        var format = http.Request.AcceptsWebP() ? PictureFormat.WebP : picture.ContentType == "image/jpeg" ? PictureFormat.Jpeg : PictureFormat.Png;
        var isItself = wanted == PictureSize.Largest && format != PictureFormat.WebP && picture.LongestSide is not null;
        var variant = isItself ? null : $"{wanted}-{format}".ToLowerInvariant();
        var content = variant is null
            ? await _store.OpenAsync(picture.Key, cancellationToken)
            : await _store.OpenAsync(picture.Key, variant, cancellationToken) ?? await MakeAndOpenAsync(picture.Key, variant, wanted, format, cancellationToken);
        if (content is null)
        {
            return null;
        }

        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        return FileResponse.Of(content, format.ContentType(), $"{picture.Key:n}-{wanted}-{format}".ToLowerInvariant(), picture.CreatedAt);
    }

    private async Task<Stream?> MakeAndOpenAsync(Guid key, string variant, int size, PictureFormat format, CancellationToken cancellationToken)
    {
        // Not with the token of the first who asks: the others wait for the same.
        var making = _underWay.GetOrAdd((key, variant), _ => new(() => MakeAsync(key, variant, size, format)));
        try
        {
            await making.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            _underWay.TryRemove(new((key, variant), making));
        }

        return await _store.OpenAsync(key, variant, cancellationToken);
    }

    /// <remarks>A place to decode comes before the connection: so those who wait hold none.</remarks>
    private async Task MakeAsync(Guid key, string variant, int size, PictureFormat format)
    {
        using var place = await _decoders.EnterAsync(CancellationToken.None);
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{key:n}"}, 0))");
        await using var made = await _store.OpenAsync(key, variant, CancellationToken.None);
        await using var original = made is null ? await _store.OpenAsync(key, CancellationToken.None) : null;
        if (original is null)
        {
            return;
        }

        var rendered = await _decoders.RenderAsync(format, size, withPlaceholder: false, original, CancellationToken.None);
        if (rendered is not ({ Outcome: RenderOutcome.Done }, var bytes))
        {
            throw new DependencyUnavailableException("A stored picture cannot be decoded now.");
        }

        using var content = new MemoryStream(bytes, writable: false);
        await _store.SaveVariantAsync(key, variant, content, CancellationToken.None);

        // Whoever deleted the picture meanwhile has not seen this file.
        if (!await _named.Query(db, [key]).AnyAsync())
        {
            await _store.DeleteAsync(key, CancellationToken.None);
        }
    }
}
