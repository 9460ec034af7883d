using System.Buffers.Binary;
using System.IO.Compression;

namespace Explaino.JobBoardService.Images;

/// <summary>
/// PNG (W3C, third edition): kept are the chunks that the picture and its colours need, each with the right checksum, and of EXIF the orientation alone.
/// Dropped are texts, times, animations, profiles that unfold into too much, unknown chunks, and what follows the end.
/// </summary>
internal static class Png
{
    private const int MaximumProfile = 4 * 1024 * 1024;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(index =>
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        }

        return value;
    })];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static CleanImage? Clean(Span<byte> buffer)
    {
        var rewriter = new Rewriter(buffer);
        rewriter.Keep(Signature.Length);
        var (width, height, data, previousWasData, isTurned) = (0, 0, false, false, false);
        while (rewriter.TryPeek(8, out var head) && rewriter.TryPeek(12L + BinaryPrimitives.ReadUInt32BigEndian(head), out var chunk))
        {
            var type = chunk[4..8];
            var content = chunk[8..^4];
            var isSound = BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]) == Crc(chunk[4..^4]);
            var isCritical = char.IsAsciiLetterUpper((char)type[0]);
            if (isCritical && !isSound)
            {
                return null;
            }

            var isHeader = type.SequenceEqual("IHDR"u8);
            var isData = type.SequenceEqual("IDAT"u8);
            if (isHeader != (width == 0) || (isData && data && !previousWasData))
            {
                return null;
            }

            if (isHeader)
            {
                if (!IsHeader(content))
                {
                    return null;
                }

                width = BinaryPrimitives.ReadInt32BigEndian(content);
                height = BinaryPrimitives.ReadInt32BigEndian(content[4..]);
            }

            data |= isData;
            previousWasData = isData;
            if (type.SequenceEqual("IEND"u8))
            {
                rewriter.Keep(chunk.Length);
                return data && content.IsEmpty ? new("image/png", width, height, rewriter.Written) : null;
            }

            if (isHeader || isData || (isSound && IsNeeded(type) && !(type.SequenceEqual("iCCP"u8) && !IsProfile(content))))
            {
                rewriter.Keep(chunk.Length);
            }
            else if (isCritical)
            {
                return null; // a critical chunk that no viewer knows either
            }
            else if (isSound && !isTurned && type.SequenceEqual("eXIf"u8) && Orientation.Of(content) is { } orientation)
            {
                isTurned = true;
                rewriter.Drop(chunk.Length);
                rewriter.Write(Chunk("eXIf"u8, Orientation.Alone(orientation)));
            }
            else
            {
                rewriter.Drop(chunk.Length);
            }
        }

        return null;
    }

    private static bool IsHeader(ReadOnlySpan<byte> content) =>
        content.Length == 13
        && BinaryPrimitives.ReadInt32BigEndian(content) > 0
        && BinaryPrimitives.ReadInt32BigEndian(content[4..]) > 0
        && (content[9], content[8]) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16)
        && content[10] == 0 && content[11] == 0 && content[12] <= 1;

    private static bool IsNeeded(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("gAMA"u8) || type.SequenceEqual("cHRM"u8)
        || type.SequenceEqual("sRGB"u8) || type.SequenceEqual("iCCP"u8) || type.SequenceEqual("cICP"u8) || type.SequenceEqual("sBIT"u8)
        || type.SequenceEqual("pHYs"u8) || type.SequenceEqual("bKGD"u8);

    /// <summary>Whether this colour profile unfolds into so little that every viewer can hold it.</summary>
    private static bool IsProfile(ReadOnlySpan<byte> content)
    {
        var name = content.IndexOf((byte)0);
        if (name is not (> 0 and < 80) || content.Length < name + 2)
        {
            return false;
        }

        using var profile = new ZLibStream(new MemoryStream(content[(name + 2)..].ToArray()), CompressionMode.Decompress);
        var unfolded = new byte[16 * 1024];
        try
        {
            for (var length = 0; length <= MaximumProfile;)
            {
                var read = profile.Read(unfolded);
                if (read == 0)
                {
                    return length > 0;
                }

                length += read;
            }
        }
        catch (InvalidDataException)
        {
        }

        return false;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan()[^4..], Crc(chunk.AsSpan()[4..^4]));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }
}
