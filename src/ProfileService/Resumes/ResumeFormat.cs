namespace Explaino.ProfileService.Resumes;

/// <summary>The formats of résumés, told by content: what a file is called says nothing.</summary>
/// <param name="ContentType">The media type it is served as.</param>
/// <param name="Extension">What the name it is offered by ends in: systems open a file by that.</param>
internal sealed record ResumeFormat(string ContentType, string Extension)
{
    public static readonly ResumeFormat Pdf = new("application/pdf", ".pdf");
    public static readonly ResumeFormat Docx = new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx");

    /// <summary>How many bytes of something else readers accept before a PDF and after it (ISO 32000-1, annex H.3, notes 13 and 18).</summary>
    private const int Around = 1024;

    /// <summary>The format of a seekable stream, which is left at its beginning; null if it is none of ours.</summary>
    public static async Task<ResumeFormat?> DetectAsync(Stream content, CancellationToken cancellationToken)
    {
        var format = await IsPdfAsync(content, cancellationToken) ? Pdf
            : await WordDocument.IsOneAsync(content, cancellationToken) ? Docx
            : null;
        content.Position = 0;
        return format;
    }

    private static async Task<bool> IsPdfAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = await content.ReadPartAsync(0, Around + "%PDF-".Length, cancellationToken);
        var tail = await content.ReadPartAsync(content.Length - Around - "%%EOF".Length, Around + "%%EOF".Length, cancellationToken);
        return head.AsSpan().IndexOf("%PDF-"u8) >= 0 && tail.AsSpan().IndexOf("%%EOF"u8) >= 0;
    }
}

internal static class StreamParts
{
    /// <summary>At most so many bytes from there; fewer where the file ends or would begin later.</summary>
    public static async Task<byte[]> ReadPartAsync(this Stream content, long from, int length, CancellationToken cancellationToken)
    {
        content.Position = Math.Clamp(from, 0, content.Length);
        var buffer = new byte[(int)Math.Min(length, content.Length - content.Position)];
        await content.ReadExactlyAsync(buffer, cancellationToken);
        return buffer;
    }
}
