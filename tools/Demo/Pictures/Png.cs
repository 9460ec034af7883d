using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Explaino.Demo.Pictures;

/// <summary>A landscape as PNG: eight bits a colour, without filters.</summary>
internal static class Png
{
    private const int Width = 480;
    private const int Height = 270;

    public static byte[] Of(Landscape landscape)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8;
        header[9] = 2; // red, green, blue
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", Pixels(landscape)), .. Chunk("IEND", [])];
    }

    private static byte[] Pixels(Landscape landscape)
    {
        using var pixels = new MemoryStream();
        using (var compressed = new ZLibStream(pixels, CompressionLevel.Optimal))
        {
            for (var y = 0; y < Height; y++)
            {
                compressed.WriteByte(0); // this line is not filtered
                for (var x = 0; x < Width; x++)
                {
                    var (red, green, blue) = landscape.At((double)x / Width, (double)y / Height);
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
