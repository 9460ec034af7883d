using System.ComponentModel;
using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Decoding;
using Explaino.ServiceMedia.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Images;

internal static class ImageEndpoints
{
    private const int MaximumSize = 5 * 1024 * 1024;

    private const PictureKind Kinds = PictureKind.Jpeg | PictureKind.Png | PictureKind.WebP;

    public static void MapImages(this IEndpointRouteBuilder api)
    {
        var images = api.MapGroup("/jobs/{id:guid}/images").WithTags("Images");
        images.MapPost("/", Add).WithName("AddImage").WithSummary("Add an image to your own job")
            .AcceptsFile(MaximumSize, "A JPEG, PNG or WebP image of at most 5 MiB and 50 megapixels.");
        images.MapGet("/{imageId:guid}", Show).WithName("ShowImage").WithSummary("The bytes of an uploaded image in a size; they never change").AllowAnonymous()
            .ServesFile("image/jpeg", "image/png", "image/webp");
        images.MapDelete("/{imageId:guid}", Delete).WithName("DeleteImage").WithSummary("Take an image away from your own job");
    }

    /// <remarks>The file first, the row second: see <see cref="IFileStore"/>.</remarks>
    private static async Task<Results<Created<JobImageResponse>, ProblemHttpResult>> Add(
        Guid id,
        HttpRequest http,
        ClaimsPrincipal user,
        JobBoardDbContext db,
        PictureIntake intake,
        FileDisposal files,
        PublicAddress address,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var authors = await db.Posts.Where(post => post.Id == id).Select(post => post.AuthorId).ToListAsync(cancellationToken);
        if (authors is not [var author] || author != user.Id())
        {
            return authors is [] ? JobProblems.NotFound() : JobProblems.NotTheAuthor();
        }

        if ((await Upload.ReceiveAsync(http, MaximumSize, cancellationToken)).IsProblem(out var unreadable, out var upload))
        {
            return unreadable;
        }

        await using var received = upload;
        if ((await intake.TakeAsync(upload.Content, Kinds, cancellationToken)).IsProblem(out var unfit, out var stored))
        {
            return unfit;
        }

        if ((await AddRowAsync(db, id, stored, user, clock.GetUtcNow(), cancellationToken)).IsProblem(out var problem, out var image))
        {
            await files.DiscardAsync(stored.Key);
            return problem;
        }

        var url = JobPostImage.AddressOf(address.Value, id, image.Id);
        return TypedResults.Created(url, new JobImageResponse(image.Id, url, image.Width, image.Height, image.Placeholder));
    }

    private static async Task<ProblemOr<JobPostImage>> AddRowAsync(
        JobBoardDbContext db, Guid postId, StoredPicture stored, ClaimsPrincipal user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!await TouchAsync(db, postId, now, cancellationToken))
        {
            return JobProblems.NotFound();
        }

        var taken = await db.Images.Where(image => image.PostId == postId).Select(image => image.Position).ToListAsync(cancellationToken);
        if (taken.Count >= JobPost.MaximumImages)
        {
            return JobProblems.TooManyImages();
        }

        var image = new JobPostImage
        {
            Id = Guid.CreateVersion7(now),
            PostId = postId,
            Position = Enumerable.Range(0, JobPost.MaximumImages).Except(taken).First(),
            StorageKey = stored.Key,
            ContentType = stored.ContentType,
            Width = stored.Width,
            Height = stored.Height,
            Placeholder = stored.Placeholder,
            CreatedAt = now,
        };
        db.Images.Add(image);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return image;
    }

    private static async Task<Results<FileResponse, ProblemHttpResult>> Show(
        Guid id,
        Guid imageId,
        [PictureSize, Description(PictureSize.Description)] int? size,
        HttpContext http,
        JobBoardDbContext db,
        PictureSizes<JobBoardDbContext> sizes,
        CancellationToken cancellationToken)
    {
        var image = await db.Images.AsNoTracking().SingleOrDefaultAsync(image => image.Id == imageId && image.PostId == id, cancellationToken);
        if (image?.Picture is not { } picture || await sizes.OpenAsync(picture, size, http, cancellationToken) is not { } file)
        {
            return NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return file;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        Guid imageId,
        ClaimsPrincipal user,
        JobBoardDbContext db,
        FileDisposal files,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await TouchAsync(db, id, clock.GetUtcNow(), cancellationToken))
        {
            return JobProblems.NotFound();
        }

        if (!await db.Posts.AnyAsync(post => post.Id == id && post.AuthorId == user.Id(), cancellationToken))
        {
            return JobProblems.NotTheAuthor();
        }

        if (await db.Images.SingleOrDefaultAsync(image => image.Id == imageId && image.PostId == id, cancellationToken) is not { } image)
        {
            return NotFound();
        }

        db.Images.Remove(image);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (image.StorageKey is { } key)
        {
            await files.DiscardAsync(key);
        }

        return TypedResults.NoContent();
    }

    /// <summary>Says that the post has changed, and so locks it: images of one post come and go one after the other.</summary>
    private static async Task<bool> TouchAsync(JobBoardDbContext db, Guid postId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Posts.Where(post => post.Id == postId)
            .ExecuteUpdateAsync(
                update => update.SetProperty(post => post.UpdatedAt, post => now > post.UpdatedAt ? now : post.UpdatedAt + JobPost.Resolution), cancellationToken) == 1;

    private static ProblemHttpResult NotFound() => Problems.NotFound("image_not_found", "There is no such image.");
}

/// <summary>An image of a post and where to get it.</summary>
/// <param name="Width">In pixels, in the largest size; null for a link.</param>
/// <param name="Height">In pixels, in the largest size; null for a link.</param>
/// <param name="Placeholder">A BlurHash; null for a link.</param>
internal sealed record JobImageResponse(Guid Id, string Url, int? Width, int? Height, string? Placeholder);
