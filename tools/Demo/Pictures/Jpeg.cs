using System.Numerics;

namespace Explaino.Demo.Pictures;

/// <summary>
/// A picture as a mosaic in baseline JPEG. Each block of 8 × 8 pixels has one colour, so that only the first coefficient of its transform is not
/// zero, and neither a transform nor the usual code tables are needed.
/// </summary>
internal static class Jpeg
{
    private const int Columns = 80;
    private const int Rows = 45;

    public static byte[] Of(IPicture picture) =>
    [
        0xFF, 0xD8, // start
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64), // divisors: by 8, the first coefficient is a block's mean
        0xFF, 0xC0, 0, 17, 8, .. BigEndian(Rows * 8), .. BigEndian(Columns * 8), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, // frame: Y, Cb, Cr
        0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, // sizes: four bits each
        0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // the rest: one bit for "all zero"
        0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, // scan
        .. Scan(picture),
        0xFF, 0xD9, // end
    ];

    private static byte[] BigEndian(int number) => [(byte)(number >> 8), (byte)number];

    private static List<byte> Scan(IPicture picture)
    {
        var bits = new Bits();
        var former = new int[3];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var means = Luminance(picture.At((column + 0.5) / Columns, (row + 0.5) / Rows));
                for (var part = 0; part < 3; part++)
                {
                    Write(bits, means[part] - former[part]);
                    former[part] = means[part];
                }
            }
        }

        return bits.ToBytes();
    }

    // A difference: its size as a code, its bits (of a negative one the complement), and that nothing else follows.
    private static void Write(Bits bits, int difference)
    {
        var size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(difference));
        bits.Write(size, 4);
        bits.Write(difference < 0 ? difference + (1 << size) - 1 : difference, size);
        bits.Write(0, 1);
    }

    private static int[] Luminance((byte Red, byte Green, byte Blue) color)
    {
        var luminance = 0.299 * color.Red + 0.587 * color.Green + 0.114 * color.Blue;
        return [(int)luminance - 128, (int)((color.Blue - luminance) * 0.564), (int)((color.Red - luminance) * 0.713)];
    }

    private sealed class Bits
    {
        private readonly List<byte> _bytes = [];
        private int _open;
        private int _count;

        public void Write(int value, int count)
        {
            while (count-- > 0)
            {
                _open = (_open << 1) | ((value >> count) & 1);
                if (++_count == 8)
                {
                    Close();
                }
            }
        }

        public List<byte> ToBytes()
        {
            while (_count > 0)
            {
                Write(1, 1);
            }

            return _bytes;
        }

        private void Close()
        {
            _bytes.Add((byte)_open);
            if (_open == 0xFF)
            {
                _bytes.Add(0); // so that it is no marker
            }

            (_open, _count) = (0, 0);
        }
    }
}
