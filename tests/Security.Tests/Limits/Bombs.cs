using System.IO.Compression;
using Explaino.Testing;

namespace Explaino.Security.Tests.Limits;

/// <summary>Small files that claim, or unfold, to be large.</summary>
internal static class Bombs
{
    public static byte[] Gzip(int size) => Packed(size, stream => new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true));

    /// <summary>A small picture with a text that unfolds to so many bytes.</summary>
    public static byte[] PngWithText(int size) => Png.Of(4, 4, Png.Chunk("zTXt", [.. "Comment"u8, 0, 0, .. Zlib(size)]));

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
}
