using Explaino.ChatService.Conversations;
using Explaino.ServiceFiles.Storage;

namespace Explaino.ChatService.Attachments;

/// <summary>The formats of attachments, told by content: what a file is called says nothing.</summary>
/// <param name="Extension">What the name it is offered by ends in: systems open a file by that.</param>
/// <param name="Name">What a file is called that came without a name.</param>
internal sealed record FileFormat(AttachmentKind Kind, string ContentType, string Extension, string Name)
{
    private static readonly FileFormat Pdf = new(AttachmentKind.File, "application/pdf", ".pdf", "document");
    private static readonly FileFormat M4A = new(AttachmentKind.Audio, "audio/mp4", ".m4a", "audio");
    private static readonly FileFormat Opus = new(AttachmentKind.Audio, "audio/ogg", ".ogg", "audio");

    /// <summary>The format of a seekable stream, which is left at its beginning; null if it is none of these.</summary>
    public static async Task<FileFormat?> OfAsync(Stream content, CancellationToken cancellationToken)
    {
        var format = await PdfFile.IsOneAsync(content, cancellationToken) ? Pdf
            : await IsOpusAsync(content, cancellationToken) ? Opus
            : await Mp4File.IsAudioAsync(content, cancellationToken) ? M4A
            : null;
        content.Position = 0;
        return format;
    }

    public static FileFormat OfPicture(string contentType) => new(AttachmentKind.Image, contentType, contentType == "image/jpeg" ? ".jpg" : ".png", "image");

    /// <summary>An Ogg page whose packet begins with the magic signature of Opus (RFC 7845 section 5.1), behind a page header of one segment (RFC 3533 section 6).</summary>
    private static async Task<bool> IsOpusAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = await content.ReadPartAsync(0, 36, cancellationToken);
        return head.AsSpan().StartsWith("OggS"u8) && head.AsSpan(Math.Min(28, head.Length)).StartsWith("OpusHead"u8);
    }
}
