using System.Buffers.Binary;
using System.Text;

namespace Explaino.Security.Tests.Hub;

/// <summary>WebSocket frames (RFC 6455), right and wrong.</summary>
internal static class Frames
{
    public const byte Text = 1;
    public const byte Binary = 2;
    private static readonly byte[] Mask = [0x12, 0x34, 0x56, 0x78];

    public static byte[] Of(string text) => Of(Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Of(byte opcode, byte[] content, bool last = true, byte reserved = 0, bool masked = true)
    {
        var head = new List<byte> { (byte)((last ? 0x80 : 0) | (reserved << 4) | opcode) };
        var mask = (byte)(masked ? 0x80 : 0);
        if (content.Length < 126)
        {
            head.Add((byte)(mask | content.Length));
        }
        else if (content.Length <= ushort.MaxValue)
        {
            head.AddRange([(byte)(mask | 126), (byte)(content.Length >> 8), (byte)content.Length]);
        }
        else
        {
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, content.Length);
            head.AddRange([(byte)(mask | 127), .. length]);
        }

        return masked ? [.. head, .. Mask, .. content.Select((value, index) => (byte)(value ^ Mask[index % 4]))] : [.. head, .. content];
    }

    /// <summary>One message in as many frames as it has bytes.</summary>
    public static byte[] Split(byte[] content) =>
        [.. content.SelectMany((value, index) => Of(index == 0 ? Text : (byte)0, [value], last: index == content.Length - 1))];

    /// <summary>A head that announces this many bytes, none of which come.</summary>
    public static byte[] Announcing(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, length);
        return [0x81, 0xFF, .. bytes, .. Mask];
    }
}
