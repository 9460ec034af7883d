using System.Buffers.Binary;

namespace Explaino.JobBoardService.Images;

/// <summary>
/// JPEG (ITU-T T.81): kept are the picture, its colour profile, JFIF's and Adobe's header, and of EXIF the orientation alone. Dropped are all other
/// application segments, comments, and what follows the end.
/// </summary>
internal static class Jpeg
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    public static CleanImage? Clean(Span<byte> file)
    {
        var rewriter = new Rewriter(file);
        rewriter.Keep(2);
        var (width, height, hasScan) = (0, 0, false);
        while (rewriter.TryPeek(2, out var marker) && marker[0] == 0xFF)
        {
            switch (marker[1])
            {
                case 0xFF:
                    rewriter.Drop(1);
                    continue;
                case EndOfImage:
                    rewriter.Keep(2);
                    return hasScan ? new("image/jpeg", width, height, rewriter.Written) : null;
            }

            if (!rewriter.TryPeek(4, out var head) || !rewriter.TryPeek(2 + BinaryPrimitives.ReadUInt16BigEndian(head[2..]), out var segment)
                || segment.Length < 4)
            {
                return null;
            }

            var content = segment[4..];
            switch (marker[1])
            {
                // Baseline, extended and progressive frames; nothing shows the other kinds.
                case 0xC0 or 0xC1 or 0xC2:
                    if (width > 0 || content.Length < 6 || content[0] != 8 || content[5] is not (1 or 3 or 4) || content.Length != 6 + (3 * content[5]))
                    {
                        return null;
                    }

                    height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
                    width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
                    if (width == 0 || height == 0)
                    {
                        return null;
                    }

                    rewriter.Keep(segment.Length);
                    break;
                case StartOfScan:
                    if (width == 0)
                    {
                        return null;
                    }

                    hasScan = true;
                    rewriter.Keep(segment.Length);
                    rewriter.Keep(LengthOfScan(rewriter.Rest));
                    break;
                // Huffman and quantization tables, restart interval.
                case 0xC4 or 0xDB or 0xDD:
                    rewriter.Keep(segment.Length);
                    break;
                case 0xE0 when content.StartsWith("JFIF\0"u8) && content.Length >= 14:
                    rewriter.Drop(segment.Length);
                    rewriter.TryWrite([0xFF, 0xE0, 0, 16, .. content[..12], 0, 0]); // without its thumbnail
                    break;
                case 0xE1 when content.StartsWith("Exif\0\0"u8) && OrientationOf(content[6..]) is { } orientation:
                    rewriter.Drop(segment.Length);
                    rewriter.TryWrite(OrientationOnly(orientation));
                    break;
                case 0xE2 when content.StartsWith("ICC_PROFILE\0"u8):
                case 0xEE when content.StartsWith("Adobe"u8):
                    rewriter.Keep(segment.Length);
                    break;
                case (>= 0xE0 and <= 0xEF) or 0xFE:
                    rewriter.Drop(segment.Length);
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Up to the next marker that is neither a stuffed byte nor a restart.</summary>
    private static int LengthOfScan(ReadOnlySpan<byte> bytes)
    {
        for (var index = 0; ; index += 2)
        {
            var next = bytes[index..].IndexOf((byte)0xFF);
            if (next < 0 || index + next + 1 >= bytes.Length)
            {
                return bytes.Length;
            }

            index += next;
            if (bytes[index + 1] is not (0 or (>= 0xD0 and <= 0xD7)))
            {
                return index;
            }
        }
    }

    /// <summary>2 to 8 if this TIFF structure says that the picture lies on its side or on its head.</summary>
    private static byte? OrientationOf(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        var littleEndian = tiff[0] == 'I';
        var directory = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return null;
        }

        var entries = tiff[((int)directory + 2)..];
        for (var count = Short(tiff[(int)directory..], littleEndian); count > 0 && entries.Length >= 12; count--)
        {
            if (Short(entries, littleEndian) == 0x0112 && Short(entries[2..], littleEndian) == 3)
            {
                return Short(entries[8..], littleEndian) is >= 2 and <= 8 and var orientation ? (byte)orientation : null;
            }

            entries = entries[12..];
        }

        return null;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static byte[] OrientationOnly(byte orientation) =>
    [
        0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8,
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
        0, 0, 0, 0,
    ];
}
