using System.Buffers.Binary;

namespace Explaino.JobBoardService.Images;

/// <summary>EXIF orientation: how a viewer must turn the picture, all that is kept of EXIF (TIFF 6.0, tag 0x0112).</summary>
internal static class Orientation
{
    /// <summary>2 to 8 if this TIFF structure says that the picture lies on its side or on its head.</summary>
    public static byte? Of(ReadOnlySpan<byte> tiff)
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

    /// <summary>A TIFF structure that says this and nothing else.</summary>
    public static byte[] Alone(byte orientation) =>
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    private static ushort Short(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
