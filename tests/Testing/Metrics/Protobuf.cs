namespace Explaino.Testing.Metrics;

/// <summary>Protocol Buffers: the fields of a message as they stand on the wire, without the classes that a compiler would make of its description.</summary>
internal static class Protobuf
{
    private const int Varint = 0, EightBytes = 1, Delimited = 2;

    public static IEnumerable<(int Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var (key, rest) = Read(message);
            var size = 4;
            switch (key & 7)
            {
                case Varint:
                    size = rest.Length - Read(rest).After.Length;
                    break;
                case EightBytes:
                    size = 8;
                    break;
                case Delimited:
                    var (length, content) = Read(rest);
                    (size, rest) = ((int)length, content);
                    break;
            }

            yield return ((int)(key >> 3), rest[..size]);
            message = rest[size..];
        }
    }

    /// <summary>What the fields of one number hold, which are messages or texts.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(field => field.Bytes);

    private static (ulong Value, ReadOnlyMemory<byte> After) Read(ReadOnlyMemory<byte> bytes)
    {
        var value = 0UL;
        for (var index = 0; ; index++)
        {
            var part = bytes.Span[index];
            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
            {
                return (value, bytes[(index + 1)..]);
            }
        }
    }
}
