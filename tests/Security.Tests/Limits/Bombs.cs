using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Explaino.Security.Tests.Limits;

/// <summary>Small files that claim, or unfold, to be large.</summary>
internal static class Bombs
{
    public static byte[] Gzip(int size) => Packed(size, stream => new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true));

    /// <summary>A picture of this many pixels, in a few bytes.</summary>
    public static byte[] Png(int width, int height, params byte[][] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. chunks.SelectMany(chunk => chunk), .. Chunk("IDAT", Zlib(100)), .. Chunk("IEND", [])];
    }

    /// <summary>A small picture with a text that unfolds to so many bytes.</summary>
    public static byte[] PngWithText(int size) => Png(4, 4, Chunk("zTXt", [.. "Comment"u8, 0, 0, .. Zlib(size)]));

    /// <summary>Entries that Word would unfold to so many bytes.</summary>
    public static byte[] Docx(int size)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "[Content_Types].xml", "_rels/.rels", "word/document.xml" })
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                Fill(entry, name.StartsWith("word", StringComparison.Ordinal) ? size : 10);
            }
        }

        return bytes.ToArray();
    }

    private static byte[] Zlib(int size) => Packed(size, stream => new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true));

    private static byte[] Packed(int size, Func<Stream, Stream> packer)
    {
        using var bytes = new MemoryStream();
        using (var packed = packer(bytes))
        {
            Fill(packed, size);
        }

        return bytes.ToArray();
    }

    private static void Fill(Stream stream, int size)
    {
        var block = new byte[64 * 1024];
        for (var left = size; left > 0; left -= block.Length)
        {
            stream.Write(block, 0, Math.Min(left, block.Length));
        }
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. content];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(typed));
        return [.. length, .. typed, .. sum];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
