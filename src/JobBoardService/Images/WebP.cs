using System.Buffers.Binary;

namespace Explaino.JobBoardService.Images;

/// <summary>
/// WebP (RFC 9649): kept are the picture, its transparency and colour profile, and of EXIF the orientation alone. Dropped are XMP, unknown chunks, and what
/// follows the end. Animations are refused.
/// </summary>
internal static class WebP
{
    private const byte AnimationFlag = 0x02;
    private const byte ExifFlag = 0x08;
    private const byte MetadataFlags = 0x04 | ExifFlag;
    private const int FlagsOffset = 20;

    public static bool IsWebP(ReadOnlySpan<byte> file) => file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..].StartsWith("WEBP"u8);

    public static CleanImage? Clean(Span<byte> buffer)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(buffer[(Rewriter.Room + 4)..]);
        var present = buffer.Length - Rewriter.Room - 8;

        // Software that forgets the last padding counts it or not.
        if (size > present + 1 || size < 4)
        {
            return null;
        }

        var rewriter = new Rewriter(buffer[..(Rewriter.Room + 8 + Math.Min((int)size, present))]);
        rewriter.Keep(12);
        (int Width, int Height)? canvas = null;
        (int Width, int Height)? picture = null;
        var isTurned = false;
        while (rewriter.TryPeek(8, out var head))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            var isPadded = rewriter.TryPeek(8L + length + (length & 1), out var chunk);
            if (!isPadded && !rewriter.TryPeek(8L + length, out chunk))
            {
                return null;
            }

            var type = chunk[..4];
            var content = chunk.Slice(8, (int)length);
            var isFirst = rewriter.Written == 12;
            var isPicture = type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8);
            if (type.SequenceEqual("VP8X"u8))
            {
                if (!isFirst || content.Length != 10 || (content[0] & AnimationFlag) != 0)
                {
                    return null;
                }

                canvas = (1 + UInt24(content[4..]), 1 + UInt24(content[7..]));
                rewriter.Keep(chunk.Length);
                buffer[FlagsOffset] = (byte)(buffer[FlagsOffset] & ~MetadataFlags);
            }
            else if (isPicture)
            {
                picture = picture is null && (isFirst || canvas is not null) ? SizeOf(content, isLossless: type[3] == 'L') : null;
                if (picture is null || (canvas is not null && canvas != picture))
                {
                    return null;
                }

                rewriter.Keep(chunk.Length);
                rewriter.Write(isPadded ? [] : [0]);
            }
            else if (canvas is not null && (type.SequenceEqual("ALPH"u8) || type.SequenceEqual("ICCP"u8)))
            {
                rewriter.Keep(chunk.Length);
            }
            else if (canvas is not null && !isTurned && type.SequenceEqual("EXIF"u8) && OrientationOf(content) is { } orientation)
            {
                isTurned = true;
                rewriter.Drop(chunk.Length);
                rewriter.Write([.. "EXIF"u8, 26, 0, 0, 0, .. Orientation.Alone(orientation)]);
                buffer[FlagsOffset] |= ExifFlag;
            }
            else if (isFirst || type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ANMF"u8))
            {
                return null;
            }
            else
            {
                rewriter.Drop(chunk.Length);
            }
        }

        if (picture is not { } shown)
        {
            return null;
        }

        BinaryPrimitives.WriteInt32LittleEndian(buffer[4..], rewriter.Written - 8);
        return new("image/webp", shown.Width, shown.Height, rewriter.Written);
    }

    // Some software puts what begins EXIF in a JPEG before it here too.
    private static byte? OrientationOf(ReadOnlySpan<byte> exif) => Orientation.Of(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif);

    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> picture, bool isLossless)
    {
        if (isLossless)
        {
            return picture.Length >= 5 && picture[0] == 0x2F && BinaryPrimitives.ReadUInt32LittleEndian(picture[1..]) is var bits && bits >> 29 == 0
                ? ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1)
                : null;
        }

        // A key frame with its start code (RFC 6386, section 9.1).
        return picture.Length >= 10 && (picture[0] & 1) == 0 && picture[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            && (BinaryPrimitives.ReadUInt16LittleEndian(picture[6..]) & 0x3FFF) is > 0 and var width
            && (BinaryPrimitives.ReadUInt16LittleEndian(picture[8..]) & 0x3FFF) is > 0 and var height
            ? (width, height)
            : null;
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
