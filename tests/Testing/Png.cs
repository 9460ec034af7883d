using System.Buffers.Binary;
using System.IO.Compression;

namespace Explaino.Testing;

/// <summary>Small PNG files made to measure, whatever size they claim to be.</summary>
public static class Png
{
    public static byte[] Of(int width = 4, int height = 4, params byte[][] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        var data = Zlib(new byte[(Math.Clamp(width, 0, 64) + 1) * Math.Clamp(height, 0, 64)]);
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR", header), .. chunks.SelectMany(chunk => chunk), .. Chunk("IDAT", data), .. Chunk("IEND", []),
        ];
    }

    public static byte[] Zlib(byte[] content)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(content);
        }

        return data.ToArray();
    }

    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] typed = [.. type.Select(letter => (byte)letter), .. content];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(typed));
        return [.. length, .. typed, .. crc];
    }

    // Bit by bit, unlike the service that it is to test.
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
