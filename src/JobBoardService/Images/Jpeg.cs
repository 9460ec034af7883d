using System.Buffers.Binary;

namespace Explaino.JobBoardService.Images;

/// <summary>
/// JPEG (ITU-T T.81): kept are the picture, its colour profile, JFIF's and Adobe's header, and of EXIF the orientation alone. Dropped are all other
/// application segments, comments, stray bytes between segments, and what follows the end, which may be missing.
/// </summary>
internal static class Jpeg
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    public static CleanImage? Clean(Span<byte> buffer)
    {
        var rewriter = new Rewriter(buffer);
        rewriter.Keep(2);
        var (width, height, hasScan, isTurned) = (0, 0, false, false);
        while (rewriter.TryPeek(2, out var marker) && marker is not [0xFF, EndOfImage])
        {
            // What stands between segments, as viewers do.
            if (marker is not [0xFF, not (0 or 1 or (>= 0xD0 and <= 0xD7) or 0xFF)])
            {
                rewriter.Drop(1);
                continue;
            }

            if (!rewriter.TryPeek(4, out var head) || !rewriter.TryPeek(2 + BinaryPrimitives.ReadUInt16BigEndian(head[2..]), out var segment))
            {
                break;
            }

            if (segment.Length < 4)
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
                    rewriter.Write([0xFF, 0xE0, 0, 16, .. content[..12], 0, 0]); // without its thumbnail
                    break;
                case 0xE1 when content.StartsWith("Exif\0\0"u8) && Orientation.Of(content[6..]) is { } orientation && !isTurned:
                    isTurned = true;
                    rewriter.Drop(segment.Length);
                    rewriter.Write([0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. Orientation.Alone(orientation)]);
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

        if (!hasScan)
        {
            return null;
        }

        rewriter.Write([0xFF, EndOfImage]); // which not every camera writes
        return new("image/jpeg", width, height, rewriter.Written);
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
}
