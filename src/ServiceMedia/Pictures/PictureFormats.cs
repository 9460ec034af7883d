using Explaino.ServiceMedia.Decoding;
using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceMedia.Pictures;

/// <summary>Content negotiation of pictures: which format a client is sent.</summary>
internal static class PictureFormats
{
    public static string ContentType(this PictureFormat format) => $"image/{format}".ToLowerInvariant();

    /// <summary>Whether the client names WebP. That it takes anything is said by those too who have never heard of it.</summary>
    public static bool AcceptsWebP(this HttpRequest request) => request.GetTypedHeaders().Accept.Any(
        accepted => accepted.MediaType.Equals("image/webp", StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);
}
