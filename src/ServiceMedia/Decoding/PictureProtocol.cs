using System.Buffers.Binary;

namespace Explaino.ServiceMedia.Decoding;

/// <summary>What a decoder is asked for, on the wire: a head of <see cref="HeadLength"/> bytes, and the picture's.</summary>
/// <param name="LongestSide">In pixels; a smaller picture stays as it is.</param>
/// <param name="Seconds">Of processor time, for this picture.</param>
internal readonly record struct RenderRequest(PictureFormat Format, int LongestSide, int Seconds, bool WithPlaceholder, int Length)
{
    public const int HeadLength = 14;

    public byte[] ToBytes()
    {
        var head = new byte[HeadLength];
        (head[0], head[1]) = ((byte)Format, WithPlaceholder ? (byte)1 : (byte)0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(2), LongestSide);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(6), Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(10), Length);
        return head;
    }

    public static RenderRequest Of(ReadOnlySpan<byte> head) => new(
        (PictureFormat)head[0],
        BinaryPrimitives.ReadInt32LittleEndian(head[2..]),
        BinaryPrimitives.ReadInt32LittleEndian(head[6..]),
        head[1] == 1,
        BinaryPrimitives.ReadInt32LittleEndian(head[10..]));
}

/// <summary>In which format a picture is wanted.</summary>
internal enum PictureFormat : byte
{
    /// <summary>PNG for what can be seen through, JPEG for the rest.</summary>
    Plain,
    Jpeg,
    Png,
    WebP,
}

/// <summary>A decoder's answer in a word.</summary>
internal enum RenderOutcome : byte
{
    Done,
    Damaged,
    TooLarge,
}

/// <summary>What a decoder answers, on the wire: a head of <see cref="HeadLength"/> bytes, and those of the picture that it made.</summary>
/// <param name="Placeholder">A BlurHash, or nothing.</param>
internal readonly record struct RenderResponse(RenderOutcome Outcome, PictureFormat Format, int Width, int Height, string Placeholder, int Length)
{
    private const int HeadLength = 14 + BlurHash.Length;

    /// <summary>No answer is longer: 2048 × 2048 pixels with transparency, and what PNG adds to those.</summary>
    private const int MaximumLength = 20 * 1024 * 1024;

    public byte[] ToBytes()
    {
        var head = new byte[HeadLength];
        (head[0], head[1]) = ((byte)Outcome, (byte)Format);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(2), Width);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(6), Height);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(10), Length);
        System.Text.Encoding.ASCII.GetBytes(Placeholder, head.AsSpan(14));
        return head;
    }

    /// <exception cref="InvalidDataException">The decoder says what none says: a picture has taken it over.</exception>
    public static async Task<RenderResponse> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var response = new RenderResponse(
            (RenderOutcome)head[0],
            (PictureFormat)head[1],
            BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(2)),
            BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(6)),
            System.Text.Encoding.ASCII.GetString(head.AsSpan(14)).TrimEnd('\0'),
            BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(10)));
        return response.Length is >= 0 and <= MaximumLength && Enum.IsDefined(response.Outcome) && Enum.IsDefined(response.Format)
            ? response
            : throw new InvalidDataException("A decoder answers what none does.");
    }
}
