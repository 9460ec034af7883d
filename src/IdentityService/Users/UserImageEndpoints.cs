using System.ComponentModel;
using System.Security.Claims;
using Explaino.IdentityService.Data;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Decoding;
using Explaino.ServiceMedia.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

internal static class UserImageEndpoints
{
    private const int MaximumSize = 10 * 1024 * 1024;

    private const PictureKind Kinds = PictureKind.Jpeg | PictureKind.Png | PictureKind.WebP | PictureKind.Avif | PictureKind.Gif;

    public static void MapUserImages(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users");
        users.MapPut("/me/image", SetImage).WithName(nameof(SetImage)).WithSummary("Set the current user's avatar")
            .AcceptsFile(MaximumSize, "A JPEG, PNG, WebP, AVIF or GIF image (its first frame) of at most 10 MiB and 50 megapixels.").HonoursIfMatch();
        users.MapDelete("/me/image", RemoveImage).WithName(nameof(RemoveImage)).WithSummary("Remove the current user's avatar").HonoursIfMatch();
        users.MapGet("/{id:guid}/image/{imageId:guid}", ShowUserImage).WithName(nameof(ShowUserImage))
            .WithSummary("The bytes of a user's avatar in a size; they never change").AllowAnonymous()
            .ServesFile("image/jpeg", "image/png", "image/webp");
    }

    /// <remarks>The file first, the row second: see <see cref="IFileStore"/>.</remarks>
    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> SetImage(
        HttpRequest http, ClaimsPrincipal principal, IdentityDbContext db, PictureIntake intake, FileDisposal files, IConfiguration configuration,
        IHostEnvironment environment, TimeProvider clock, CancellationToken cancellationToken)
    {
        if ((await Upload.ReceiveAsync(http, MaximumSize, cancellationToken)).IsProblem(out var unreadable, out var upload))
        {
            return unreadable;
        }

        await using var received = upload;
        if ((await intake.TakeAsync(upload.Content, Kinds, cancellationToken)).IsProblem(out var unfit, out var stored))
        {
            return unfit;
        }

        var image = UserImage.Of(principal.Id(), stored, clock.GetUtcNow());
        var address = image.AddressAt(configuration.Issuer(environment).TrimEnd('/'));
        var (changed, former) = await ReplaceAsync(http, principal, db, image, address, clock, cancellationToken);
        await files.DiscardAsync(changed.IsProblem(out var problem, out var user) ? stored.Key : former);
        return problem is not null ? problem : TypedResults.Ok(user);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveImage(
        HttpRequest http, ClaimsPrincipal principal, IdentityDbContext db, FileDisposal files, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (changed, former) = await ReplaceAsync(http, principal, db, null, null, clock, cancellationToken);
        await files.DiscardAsync(former);
        return changed.IsProblem(out var problem, out _) ? problem : TypedResults.NoContent();
    }

    private static async Task<Results<FileResponse, ProblemHttpResult>> ShowUserImage(
        Guid id, Guid imageId, [PictureSize, Description(PictureSize.Description)] int? size, HttpContext http, IdentityDbContext db, PictureSizes<IdentityDbContext> sizes, CancellationToken cancellationToken)
    {
        var image = await db.UserImages.AsNoTracking().SingleOrDefaultAsync(image => image.UserId == id && image.Id == imageId, cancellationToken);
        if (image is null || await sizes.OpenAsync(image.ToPicture(), size, http, cancellationToken) is not { } file)
        {
            return Problems.NotFound("image_not_found", "There is no such image.");
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return file;
    }

    /// <returns>The user as they are then, and the key of the file that is to go.</returns>
    private static async Task<(ProblemOr<UserResponse> Changed, Guid? Former)> ReplaceAsync(
        HttpRequest http, ClaimsPrincipal principal, IdentityDbContext db, UserImage? image, string? address, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user)
        {
            return (UserLocks.SessionEnded(), null);
        }

        if (http.ForbidsChange(UserResponse.From(user)))
        {
            return (Problems.PreconditionFailed(), null);
        }

        var former = await db.ForgetImageAsync(user.Id, cancellationToken);
        if (user.ProfileImage != address)
        {
            user.ProfileImage = address;
            user.Touch(clock.GetUtcNow());
            db.Outbox.Enqueue(user.ToUpdated(), user.Id, clock);
        }

        if (image is not null)
        {
            db.UserImages.Add(image);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (UserResponse.From(user), former);
    }

    /// <summary>Deletes the row of a locked user's upload.</summary>
    /// <returns>The key of the file to delete once this is committed.</returns>
    public static async Task<Guid?> ForgetImageAsync(this IdentityDbContext db, Guid userId, CancellationToken cancellationToken)
    {
        var images = db.UserImages.Where(image => image.UserId == userId);
        var keys = await images.Select(image => (Guid?)image.StorageKey).ToListAsync(cancellationToken);
        await images.ExecuteDeleteAsync(cancellationToken);
        return keys.SingleOrDefault();
    }
}
