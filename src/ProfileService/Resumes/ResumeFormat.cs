using Explaino.ServiceFiles.Storage;

namespace Explaino.ProfileService.Resumes;

/// <summary>The formats of résumés, told by content: what a file is called says nothing.</summary>
/// <param name="ContentType">The media type it is served as.</param>
/// <param name="Extension">What the name it is offered by ends in: systems open a file by that.</param>
internal sealed record ResumeFormat(string ContentType, string Extension)
{
    public static readonly ResumeFormat Pdf = new("application/pdf", ".pdf");
    public static readonly ResumeFormat Docx = new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx");

    /// <summary>The format of a seekable stream, which is left at its beginning; null if it is none of ours.</summary>
    public static async Task<ResumeFormat?> DetectAsync(Stream content, CancellationToken cancellationToken)
    {
        var format = await PdfFile.IsOneAsync(content, cancellationToken) ? Pdf
            : await WordDocument.IsOneAsync(content, cancellationToken) ? Docx
            : null;
        content.Position = 0;
        return format;
    }
}
