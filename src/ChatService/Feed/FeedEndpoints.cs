using System.ComponentModel;
using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Notifications;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ChatService.Feed;

internal static class FeedEndpoints
{
    public static void MapFeed(this IEndpointRouteBuilder api)
    {
        var notifications = api.MapGroup("/notifications").WithTags("Notifications");
        notifications.MapGet("/", ListNotifications).WithName(nameof(ListNotifications)).WithSummary("List your notifications, newest first");
        notifications.MapPut("/read", ReadNotifications).WithName(nameof(ReadNotifications)).WithSummary("Say how far you have read; never moves backwards");
    }

    private static async Task<Results<Ok<Page<NotificationResponse>>, ProblemHttpResult>> ListNotifications(
        [Description("true: only those that are not read; false: only those that are.")] bool? unread, [AsParameters] PageRequest page, ClaimsPrincipal user, ChatDbContext db,
        CancellationToken cancellationToken)
    {
        var (userId, list) = (user.Id(), $"notifications {unread}");
        if (!page.TryRead<FeedPosition>(list, out var last, out var refusal))
        {
            return refusal;
        }

        var before = last?.Seq ?? long.MaxValue;
        var rows = await (from feed in db.Feeds
                          join entry in db.FeedEntries on feed.UserId equals entry.UserId
                          where feed.UserId == userId && entry.Seq < before && (unread == null || (unread == true ? entry.Seq > feed.ReadSeq : entry.Seq <= feed.ReadSeq))
                          orderby entry.Seq descending
                          select new { Entry = entry, IsRead = entry.Seq <= feed.ReadSeq }).AsNoTracking().TakePage(page).ToListAsync(cancellationToken);
        var read = rows.ToPage(page, list, row => new FeedPosition(row.Entry.Seq));
        var actorIds = read.Items.SelectMany(row => row.Entry.Actors).Distinct().ToArray();
        var people = actorIds.Length == 0 ? [] : await db.People.Where(person => actorIds.Contains(person.Id)).AsNoTracking()
            .ToDictionaryAsync(
                person => person.Id,
                person => new PersonResponse(person.Id, person.Username, person.FirstName, person.LastName, person.ProfileImage, person.DeletedAt != null),
                cancellationToken);
        return TypedResults.Ok(new Page<NotificationResponse>(
            [.. read.Items.Select(row => new NotificationResponse(
                row.Entry.Id,
                row.Entry.Seq,
                row.Entry.Kind,
                [.. row.Entry.Actors.Select(id => people.GetValueOrDefault(id) ?? new PersonResponse(id, null, null, null, null))],
                row.Entry.Count,
                row.Entry.Subject,
                row.Entry.Params,
                row.Entry.CreatedAt,
                row.IsRead))],
            read.NextCursor));
    }

    private static async Task<NoContent> ReadNotifications(NotificationsReadRequest request, ClaimsPrincipal user, NpgsqlDataSource database, PushDues dues, Notifier notifier)
    {
        if (await database.ReadFeedAsync(dues, user.Id(), user.SessionId(), request.UpToSeq!.Value))
        {
            notifier.Notify(new ConversationTouched(), [user.Id()]);
        }

        return TypedResults.NoContent();
    }
}
