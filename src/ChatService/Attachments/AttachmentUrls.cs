using Explaino.ChatService.Conversations;

namespace Explaino.ChatService.Attachments;

/// <summary>Absolute addresses of attachments.</summary>
/// <param name="PublicAddress">The gateway's, without a slash at its end.</param>
internal sealed record AttachmentUrls(string PublicAddress)
{
    public const string Path = "/api/attachments/";

    /// <summary>What an attachment's id is appended to.</summary>
    public string Prefix => PublicAddress + Path;

    public AttachmentResponse Describe(Attachment attachment) => new(
        attachment.Id,
        attachment.Kind,
        attachment.FileName,
        attachment.ContentType,
        attachment.Size,
        attachment.Width,
        attachment.Height,
        attachment.Placeholder,
        $"{Prefix}{attachment.Id}");
}
