namespace Explaino.ServiceFiles.Storage;

/// <summary>Portable Document Format (ISO 32000-1), by content.</summary>
public static class PdfFile
{
    /// <summary>How many bytes of something else readers accept before a PDF and after it (ISO 32000-1, annex H.3, notes 13 and 18).</summary>
    private const int Around = 1024;

    /// <summary>Whether a seekable stream is one; its position is anywhere afterwards.</summary>
    public static async Task<bool> IsOneAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = await content.ReadPartAsync(0, Around + "%PDF-".Length, cancellationToken);
        var tail = await content.ReadPartAsync(content.Length - Around - "%%EOF".Length, Around + "%%EOF".Length, cancellationToken);
        return head.AsSpan().IndexOf("%PDF-"u8) >= 0 && tail.AsSpan().IndexOf("%%EOF"u8) >= 0;
    }
}

public static class StreamParts
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
