using System.ComponentModel;
using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Attachments;

internal static class AttachmentEndpoints
{
    private const int MaximumSize = 10 * 1024 * 1024;

    public static void MapAttachments(this IEndpointRouteBuilder api)
    {
        var attachments = api.MapGroup("/attachments").WithTags("Attachments");
        attachments.MapPost("/", UploadAttachment).WithName(nameof(UploadAttachment)).WithSummary("Upload a file that a message is to carry; unsent it is deleted after a day")
            .AcceptsFile(MaximumSize, "An image (JPEG, PNG, WebP, AVIF, GIF) of at most 50 megapixels, a PDF document or audio (M4A, Ogg Opus), of at most 10 MiB.")
            .WithIdempotencyInStatement(required: false);
        attachments.MapGet("/{id:guid}", DownloadAttachment).WithName(nameof(DownloadAttachment)).WithSummary("The bytes of an attachment, an image in a size; they never change")
            .ServesFile("image/jpeg", "image/png", "image/webp", "application/pdf", "audio/mp4", "audio/ogg");
    }

    /// <remarks>The file first, the row second: see <see cref="IFileStore"/>.</remarks>
    private static async Task<Results<Created<AttachmentResponse>, ProblemHttpResult>> UploadAttachment(
        HttpContext http, ClaimsPrincipal user, AttachmentIntake intake, AttachmentStatements attachments, FileDisposal files, AttachmentUrls urls,
        CancellationToken cancellationToken)
    {
        if ((await Upload.ReceiveAsync(http.Request, MaximumSize, cancellationToken)).IsProblem(out var unreadable, out var upload))
        {
            return unreadable;
        }

        await using var received = upload;
        if ((await intake.TakeAsync(upload, user.Id(), http.Features.Get<IdempotencyKey>()?.Key, cancellationToken)).IsProblem(out var unfit, out var attachment))
        {
            return unfit;
        }

        if ((await attachments.AddAsync(attachment, user, cancellationToken)).IsProblem(out var problem, out var kept))
        {
            await files.DiscardAsync(attachment.StorageKey);
            return problem;
        }

        if (kept.Id != attachment.Id)
        {
            await files.DiscardAsync(attachment.StorageKey);
            http.Response.Headers[IdempotencyMetadata.ReplayedHeader] = "true";
        }

        var response = urls.Describe(kept);
        return TypedResults.Created(response.Url, response);
    }

    private static async Task<Results<FileResponse, ProblemHttpResult>> DownloadAttachment(
        Guid id, [PictureSize, Description(PictureSize.Description)] int? size, HttpContext http, ClaimsPrincipal user, AttachmentStatements attachments,
        IFileStore store, PictureSizes<ChatDbContext> pictures, CancellationToken cancellationToken)
    {
        if (await attachments.FindAsync(id, user.Id(), cancellationToken) is not { } found)
        {
            return NotFound();
        }

        if (size is not null && found.Kind != AttachmentKind.Image)
        {
            return Problems.Invalid("size", "Only images come in sizes.");
        }

        var file = found.Kind == AttachmentKind.Image
            ? await pictures.OpenAsync(new(found.StorageKey, found.ContentType, Math.Max(found.Width!.Value, found.Height!.Value), found.CreatedAt), size, http, cancellationToken)
            : await store.OpenAsync(found.StorageKey, cancellationToken) is { } content
                ? FileResponse.Of(content, found.ContentType, found.StorageKey, found.CreatedAt, found.FileName)
                : null;
        if (file is null)
        {
            // Deleted between the row and the file.
            return NotFound();
        }

        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return file;
    }

    private static ProblemHttpResult NotFound() =>
        Problems.NotFound("attachment_not_found", "There is no such attachment, or it belongs to a conversation that you are not in.");
}
