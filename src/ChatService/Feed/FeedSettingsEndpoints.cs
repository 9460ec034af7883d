using System.Security.Claims;
using Explaino.ChatService.Data;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Feed;

internal static class FeedSettingsEndpoints
{
    public static void MapFeedSettings(this IEndpointRouteBuilder api)
    {
        var settings = api.MapGroup("/notification-settings").WithTags("Notifications");
        settings.MapGet("/", GetNotificationSettings).WithName(nameof(GetNotificationSettings)).WithSummary("Get what you want to be told").WithETag();
        settings.MapPatch("/", ChangeNotificationSettings).WithName(nameof(ChangeNotificationSettings)).WithSummary("Change what you want to be told").HonoursIfMatch();
    }

    private static async Task<Ok<NotificationSettingsResponse>> GetNotificationSettings(ClaimsPrincipal user, ChatDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.Id();
        return TypedResults.Ok(NotificationSettingsResponse.Of(
            await db.FeedSettings.AsNoTracking().SingleOrDefaultAsync(settings => settings.UserId == userId, cancellationToken)));
    }

    private static async Task<Results<Ok<NotificationSettingsResponse>, ProblemHttpResult>> ChangeNotificationSettings(
        MergePatch<NotificationSettingsRequest> patch, ClaimsPrincipal user, HttpRequest http, ChatDbContext db, MergePatcher patcher, CancellationToken cancellationToken)
    {
        var userId = user.Id();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } gone)
        {
            return gone;
        }

        var settings = await db.HoldFeedSettingsAsync(userId, cancellationToken);
        if (http.ForbidsChange(NotificationSettingsResponse.Of(settings)))
        {
            return Problems.PreconditionFailed();
        }

        if ((await patcher.ApplyAsync(patch, NotificationSettingsRequest.Of(settings), cancellationToken)).IsProblem(out var invalid, out var changed))
        {
            return invalid;
        }

        changed.ApplyTo(settings);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(NotificationSettingsResponse.Of(settings));
    }
}
