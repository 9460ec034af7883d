using System.Buffers.Binary;
using System.Text;
using Explaino.ServiceFiles.Storage;

namespace Explaino.ChatService.Attachments;

/// <summary>
/// ISO base media files (ISO/IEC 14496-12) by their boxes: phones record speech into them, some under a brand that films have too, so that the tracks are
/// looked at.
/// </summary>
internal static class Mp4File
{
    private const int Header = 8, MostBoxes = 1_000;

    /// <summary>Whether a seekable stream is one that has a track of sound and none that is seen.</summary>
    public static async Task<bool> IsAudioAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = await content.ReadPartAsync(0, Header, cancellationToken);
        if (head.Length < Header || !head.AsSpan(4).SequenceEqual("ftyp"u8))
        {
            return false;
        }

        var handlers = new HashSet<string>();
        await ReadTracksAsync(content, 0, content.Length, handlers, new int[1], cancellationToken);
        return handlers.Contains("soun") && !handlers.Contains("vide");
    }

    /// <summary>The handlers of the tracks: <c>moov</c>, <c>trak</c>, <c>mdia</c>, <c>hdlr</c>; of a damaged file those that can be found.</summary>
    private static async Task ReadTracksAsync(Stream content, long from, long end, HashSet<string> handlers, int[] boxes, CancellationToken cancellationToken)
    {
        while (from + Header <= end && ++boxes[0] <= MostBoxes)
        {
            var box = await content.ReadPartAsync(from, Header * 3, cancellationToken);
            if (box.Length < Header)
            {
                return;
            }

            // 0: to the end; 1: the size follows, in 64 bits.
            var size = BinaryPrimitives.ReadUInt32BigEndian(box) switch
            {
                0 => end - from,
                1 when box.Length >= Header * 2 => BinaryPrimitives.ReadInt64BigEndian(box.AsSpan(Header)),
                var narrow => narrow,
            };
            if (size < Header || size > end - from)
            {
                return;
            }

            if (box.AsSpan(4, 4).SequenceEqual("hdlr"u8) && box.Length >= Header * 2 + 4)
            {
                handlers.Add(Encoding.ASCII.GetString(box, Header * 2, 4));
            }
            else if (box.AsSpan(4, 4).SequenceEqual("moov"u8) || box.AsSpan(4, 4).SequenceEqual("trak"u8) || box.AsSpan(4, 4).SequenceEqual("mdia"u8))
            {
                await ReadTracksAsync(content, from + Header, from + size, handlers, boxes, cancellationToken);
            }

            from += size;
        }
    }
}
