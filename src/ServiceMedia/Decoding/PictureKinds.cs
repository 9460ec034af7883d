namespace Explaino.ServiceMedia.Decoding;

/// <summary>Kinds of pictures that people send.</summary>
[Flags]
public enum PictureKind
{
    None = 0,
    Jpeg = 1,
    Png = 2,
    WebP = 4,
    Gif = 8,
    Avif = 16,
}

/// <summary>Content sniffing: the kind of a picture by its first bytes, whatever its name and declared type say.</summary>
public static class PictureKinds
{
    /// <summary>How many first bytes tell it.</summary>
    private const int EnoughBytes = 64;

    /// <param name="content">Seekable; it stays where it is.</param>
    internal static async Task<PictureKind> OfAsync(Stream content, CancellationToken cancellationToken)
    {
        var (start, head) = (content.Position, new byte[EnoughBytes]);
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        content.Position = start;
        return Of(head.AsSpan(0, length));
    }

    public static PictureKind Of(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? PictureKind.Jpeg
        : file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? PictureKind.Png
        : file.Length > 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? PictureKind.WebP
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? PictureKind.Gif
        : IsAvif(file) ? PictureKind.Avif
        : PictureKind.None;

    /// <summary>An ISO base media file of the brand, as its own or among those that it is compatible with. HEIC is such a file too, but none that we decode.</summary>
    private static bool IsAvif(ReadOnlySpan<byte> file)
    {
        if (file.Length < 16 || !file[4..].StartsWith("ftyp"u8))
        {
            return false;
        }

        for (var brands = file[8..Math.Min(file.Length, EnoughBytes)]; brands.Length >= 4; brands = brands[4..])
        {
            if (brands.StartsWith("avif"u8) || brands.StartsWith("avis"u8))
            {
                return true;
            }
        }

        return false;
    }
}
