using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Explaino.Demo.Pictures;

/// <summary>A picture as PNG: eight bits a colour, without filters.</summary>
internal static class Png
{
    public static byte[] Of(IPicture picture, int width = 480, int height = 270)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 2; // red, green, blue
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", Pixels(picture, width, height)), .. Chunk("IEND", [])];
    }

    private static byte[] Pixels(IPicture picture, int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var compressed = new ZLibStream(pixels, CompressionLevel.Optimal))
        {
            for (var y = 0; y < height; y++)
            {
                compressed.WriteByte(0); // this line is not filtered
                for (var x = 0; x < width; x++)
                {
                    var (red, green, blue) = picture.At((double)x / width, (double)y / height);
                    compressed.Write([red, green, blue]);
                }
            }
        }

        return pixels.ToArray();
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. BigEndian((uint)content.Length), .. checkedPart, .. BigEndian(Crc(checkedPart))];
    }

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
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
