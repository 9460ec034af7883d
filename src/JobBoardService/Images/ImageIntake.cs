using System.Buffers;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceFiles.Storage;

namespace Explaino.JobBoardService.Images;

/// <summary>A file that was looked at, cleaned and stored.</summary>
internal sealed record StoredImage(Guid Key, string ContentType);

/// <summary>
/// Takes received files in: only what is an image gets through. As many are in memory as there are places for uploads: a received file holds one.
/// </summary>
internal sealed class ImageIntake(IFileStore store)
{
    public const int MaximumSize = 5 * 1024 * 1024;

    public async Task<ProblemOr<StoredImage>> TakeAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Rewriter.Room + MaximumSize);
        try
        {
            var length = await content.ReadAtLeastAsync(
                buffer.AsMemory(Rewriter.Room, MaximumSize), MaximumSize, throwOnEndOfStream: false, cancellationToken);
            if (!CleanImage.IsKnown(buffer.AsSpan(Rewriter.Room, length)))
            {
                return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "The file is not a JPEG, PNG or WebP image.");
            }

            if (CleanImage.Of(buffer.AsSpan(0, Rewriter.Room + length)) is not { } image)
            {
                return Problems.BadRequest("image_invalid", "The image is damaged, animated, or of a kind that is not shown everywhere.");
            }

            if (image.IsTooLarge)
            {
                return Problems.BadRequest("image_too_large", $"The image has more than {CleanImage.MaximumPixels / 1_000_000} megapixels.");
            }

            using var cleaned = new MemoryStream(buffer, 0, image.Length, writable: false);
            return new StoredImage(await store.SaveAsync(cleaned, cancellationToken), image.ContentType);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
