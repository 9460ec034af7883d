using System.Security.Claims;
using Explaino.ChatService.Data;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
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

    public static async Task<bool> WantsInFeedAsync(this ChatDbContext db, Guid userId, FeedKind kind, CancellationToken cancellationToken)
    {
        var word = WordConversion.WordOf(kind);
        return !await db.FeedSettings.AnyAsync(settings => settings.UserId == userId && settings.FeedOff.Contains(word), cancellationToken);
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

        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO notification_settings (user_id, feed_off, push_off) VALUES ({userId}, ARRAY[]::text[], ARRAY[]::text[]) ON CONFLICT DO NOTHING", cancellationToken);
        var settings = await db.FeedSettings.FromSql($"SELECT * FROM notification_settings WHERE user_id = {userId} FOR UPDATE").SingleAsync(cancellationToken);
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
