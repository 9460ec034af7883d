using System.Buffers.Binary;
using System.Text;

namespace Explaino.ProfileService.Resumes;

/// <summary>The formats of résumés, told by content: what a file is called says nothing.</summary>
/// <param name="ContentType">The media type it is served as.</param>
/// <param name="Extension">For a file that came without a name.</param>
internal sealed record ResumeFormat(string ContentType, string Extension)
{
    public static readonly ResumeFormat Pdf = new("application/pdf", ".pdf");
    public static readonly ResumeFormat Docx = new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx");

    private const int PdfTrailerWithin = 1024;

    /// <summary>The format of a seekable stream, which is left at its beginning; null if it is none of ours.</summary>
    public static async Task<ResumeFormat?> DetectAsync(Stream content, CancellationToken cancellationToken)
    {
        var format = await IsPdfAsync(content, cancellationToken) ? Pdf
            : await IsDocxAsync(content, cancellationToken) ? Docx
            : null;
        content.Position = 0;
        return format;
    }

    private static async Task<bool> IsPdfAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = await ReadAsync(content, 0, 5, cancellationToken);
        var tail = await ReadAsync(content, content.Length - PdfTrailerWithin, PdfTrailerWithin, cancellationToken);
        return head.AsSpan().SequenceEqual("%PDF-"u8) && tail.AsSpan().IndexOf("%%EOF"u8) >= 0;
    }

    /// <summary>
    /// A zip whose directory lists the two parts without which there is no Word document. The directory is walked entry by entry and nothing is
    /// unpacked, so that a hostile file costs no more than its size.
    /// </summary>
    private static async Task<bool> IsDocxAsync(Stream content, CancellationToken cancellationToken)
    {
        const int endLength = 22, entryLength = 46, longestComment = ushort.MaxValue;

        var head = await ReadAsync(content, 0, 4, cancellationToken);
        var tail = await ReadAsync(content, content.Length - endLength - longestComment, endLength + longestComment, cancellationToken);
        var end = tail.AsSpan().LastIndexOf("PK\x5\x6"u8);
        if (!head.AsSpan().SequenceEqual("PK\x3\x4"u8) || end < 0 || tail.Length - end < endLength)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10));
        long position = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        var (hasTypes, hasDocument) = (false, false);
        for (; count > 0 && !(hasTypes && hasDocument); count--)
        {
            var entry = await ReadAsync(content, position, entryLength, cancellationToken);
            if (entry.Length < entryLength || !entry.AsSpan(0, 4).SequenceEqual("PK\x1\x2"u8))
            {
                return false;
            }

            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(28));
            var name = Encoding.UTF8.GetString(await ReadAsync(content, position + entryLength, nameLength, cancellationToken));
            hasTypes |= name == "[Content_Types].xml";
            hasDocument |= name == "word/document.xml";
            position += entryLength + nameLength
                + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(30)) + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(32));
        }

        return hasTypes && hasDocument;
    }

    /// <summary>At most so many bytes from there; fewer where the file ends or would begin later.</summary>
    private static async Task<byte[]> ReadAsync(Stream content, long from, int length, CancellationToken cancellationToken)
    {
        content.Position = Math.Clamp(from, 0, content.Length);
        var buffer = new byte[(int)Math.Min(length, content.Length - content.Position)];
        await content.ReadExactlyAsync(buffer, cancellationToken);
        return buffer;
    }
}
