using System.Buffers.Binary;
using System.Text;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Images as cameras and editors make them (Files), and what other software adds to them.</summary>
internal static class Pictures
{
    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Repository.PathTo("tests", "JobBoardService.Tests", "Files", name));

    /// <summary>A JPEG with one more segment, behind its first marker.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] content) =>
        [.. jpeg[..2], 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];

    /// <summary>A WebP of the extended kind with one more chunk at its end.</summary>
    public static byte[] WithChunk(byte[] webp, string type, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        byte[] longer = [.. webp, .. Encoding.ASCII.GetBytes(type), .. length, .. content, .. new byte[content.Length % 2]];
        longer[20] |= type == "EXIF" ? (byte)8 : (byte)0;
        return WithSize(longer, longer.Length - 8);
    }

    /// <summary>A WebP that says it is so long.</summary>
    public static byte[] WithSize(byte[] webp, int size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(webp.AsSpan(4), size);
        return webp;
    }
}
