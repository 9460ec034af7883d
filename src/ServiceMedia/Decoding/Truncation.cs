using System.Buffers.Binary;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>Truncated files, of which decoders would show a part: the last marker of a JPEG (EOI), which some cameras lose, and the last chunk of a PNG (IEND).</summary>
internal static class Truncation
{
    private const int PngSignatureLength = 8, ChunkOverhead = 12;

    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> StartOfScan => [0xFF, 0xDA];

    public static bool IsJpegWithoutEnd(ReadOnlySpan<byte> file) =>
        PictureKinds.Of(file) == PictureKind.Jpeg && file.LastIndexOf(EndOfImage) < file.LastIndexOf(StartOfScan);

    public static byte[] WithEnd(byte[] jpeg) => [.. jpeg, .. EndOfImage];

    public static bool IsPngWithoutEnd(ReadOnlySpan<byte> file)
    {
        if (PictureKinds.Of(file) != PictureKind.Png)
        {
            return false;
        }

        for (var chunks = file[PngSignatureLength..]; chunks.Length >= ChunkOverhead;)
        {
            if (chunks[4..].StartsWith("IEND"u8))
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > chunks.Length - ChunkOverhead)
            {
                break;
            }

            chunks = chunks[(ChunkOverhead + (int)length)..];
        }

        return true;
    }
}
