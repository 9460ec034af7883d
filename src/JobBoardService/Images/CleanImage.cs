namespace Explaino.JobBoardService.Images;

/// <summary>An image whose bytes hold what is needed to show it and nothing else: neither where it was taken nor another format behind it.</summary>
/// <param name="Length">How many bytes are left, from the beginning of the buffer that was cleaned.</param>
internal sealed record CleanImage(string ContentType, int Width, int Height, int Length)
{
    /// <summary>What a viewer must be able to hold: an image may be small as a file and huge in memory.</summary>
    public const long MaximumPixels = 40_000_000;

    public bool IsTooLarge => (long)Width * Height > MaximumPixels;

    /// <summary>
    /// Knows the format by the content, walks its whole structure, and drops in place whatever does not belong to the picture (docs/adr/0012).
    /// </summary>
    /// <param name="buffer">The file, behind <see cref="Rewriter.Room"/>.</param>
    /// <returns>Null for what is no well-formed image of a known format.</returns>
    public static CleanImage? Of(Span<byte> buffer) =>
        buffer[Rewriter.Room..] is var file && file.StartsWith(Jpeg.Signature) ? Jpeg.Clean(buffer)
        : file.StartsWith(Png.Signature) ? Png.Clean(buffer)
        : WebP.IsWebP(file) ? WebP.Clean(buffer)
        : null;

    /// <summary>Whether it claims to be of a format that we take.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> file) => file.StartsWith(Jpeg.Signature) || file.StartsWith(Png.Signature) || WebP.IsWebP(file);
}
