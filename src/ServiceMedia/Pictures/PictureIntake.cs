using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Decoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ServiceMedia.Pictures;

/// <summary>A picture as it is kept: JPEG, or PNG if it can be seen through, no side longer than <see cref="PictureSize.Largest"/>.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Placeholder">Its BlurHash, which clients draw until it is there.</param>
public sealed record StoredPicture(Guid Key, string ContentType, int Length, int Width, int Height, string Placeholder);

/// <summary>Takes received pictures in: what is kept was decoded and encoded anew, so that nothing of the file itself is ever given out, or kept.</summary>
public sealed class PictureIntake
{
    private readonly IFileStore _store;
    private readonly Decoders _decoders;

    internal PictureIntake(IFileStore store, Decoders decoders) => (_store, _decoders) = (store, decoders);

    /// <returns>The stored picture, or the 400 or 415 that says why there is none.</returns>
    /// <exception cref="DependencyUnavailableException">There is no place for another picture, or for its bytes.</exception>
    public async Task<ProblemOr<StoredPicture>> TakeAsync(Stream content, PictureKind allowed, CancellationToken cancellationToken)
    {
        var kind = await PictureKinds.OfAsync(content, cancellationToken);
        if (kind == PictureKind.None || !allowed.HasFlag(kind))
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"The file is none of these pictures: {allowed}.");
        }

        using var place = await _decoders.EnterAsync(cancellationToken);
        var rendered = await _decoders.RenderAsync(PictureFormat.Plain, PictureSize.Largest, withPlaceholder: true, content, cancellationToken);
        place.Dispose();
        if (rendered is not ({ Outcome: RenderOutcome.Done } picture, var bytes))
        {
            return Refused(rendered?.Response.Outcome);
        }

        using var stream = new MemoryStream(bytes, writable: false);
        var key = await _store.SaveAsync(stream, cancellationToken);
        return new StoredPicture(key, picture.Format.ContentType(), bytes.Length, picture.Width, picture.Height, picture.Placeholder);
    }

    private static ProblemHttpResult Refused(RenderOutcome? outcome) => outcome switch
    {
        RenderOutcome.TooLarge => Problems.BadRequest("image_too_large", $"The image has more than {PictureRendering.MaximumPixels / 1_000_000} megapixels."),
        RenderOutcome.Damaged => Problems.BadRequest("image_invalid", "The image is damaged, or of a kind that is not shown everywhere."),
        _ => Problems.BadRequest("image_invalid", "The image takes more time or memory to be decoded than an image may."),
    };
}
