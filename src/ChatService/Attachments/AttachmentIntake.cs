using System.Security.Cryptography;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Decoding;
using Explaino.ServiceMedia.Pictures;

namespace Explaino.ChatService.Attachments;

/// <summary>Takes an upload in, by its content: images are decoded and encoded anew, documents and audio are kept as they came and given out as downloads.</summary>
internal sealed class AttachmentIntake(PictureIntake pictures, IFileStore store, TimeProvider clock)
{
    private const PictureKind Images = PictureKind.Jpeg | PictureKind.Png | PictureKind.WebP | PictureKind.Avif | PictureKind.Gif;

    /// <returns>The attachment, whose file is stored and whose row is not; or the 400, 415 or 503 that says why there is none.</returns>
    public async Task<ProblemOr<Attachment>> TakeAsync(Upload upload, Guid ownerId, Guid? idempotencyKey, CancellationToken cancellationToken)
    {
        var hash = await SHA256.HashDataAsync(upload.Content, cancellationToken);
        upload.Content.Position = 0;
        if (await FileFormat.OfAsync(upload.Content, cancellationToken) is { } format)
        {
            var key = await store.SaveAsync(upload.Content, cancellationToken);
            return Describe(upload, ownerId, idempotencyKey, hash, format, new(key, format.ContentType, (int)upload.Content.Length, 0, 0, ""));
        }

        if ((await pictures.TakeAsync(upload.Content, Images, cancellationToken)).IsProblem(out var problem, out var picture))
        {
            return problem.StatusCode == StatusCodes.Status415UnsupportedMediaType ? Unsupported() : problem;
        }

        return Describe(upload, ownerId, idempotencyKey, hash, FileFormat.OfPicture(picture.ContentType), picture);
    }

    private Attachment Describe(Upload upload, Guid ownerId, Guid? idempotencyKey, byte[] hash, FileFormat format, StoredPicture stored)
    {
        var (now, isImage) = (clock.GetUtcNow(), format.Kind == AttachmentKind.Image);
        return new()
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = ownerId,
            StorageKey = stored.Key,
            Kind = format.Kind,
            FileName = FileNames.WithExtension(upload.FileName, format.Extension, fallback: format.Name),
            ContentType = format.ContentType,
            Size = stored.Length,
            Width = isImage ? stored.Width : null,
            Height = isImage ? stored.Height : null,
            Placeholder = isImage ? stored.Placeholder : null,
            CreatedAt = now,
            IdempotencyKey = idempotencyKey,
            ContentHash = idempotencyKey is null ? null : hash,
        };
    }

    private static ProblemOr<Attachment> Unsupported() => Problems.Of(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported_media_type",
        "An attachment is an image (JPEG, PNG, WebP, AVIF, GIF), a PDF document, or audio (M4A, Ogg Opus).");
}
