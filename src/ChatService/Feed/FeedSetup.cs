using Explaino.ChatService.Data;
using Explaino.ChatService.Events;
using Explaino.ServiceData;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Feed;

internal static class FeedSetup
{
    public const int LargestGroup = 200;

    /// <summary>From one group to the next: nobody notices that a notification comes later by this, and more of them share a commit.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan EntriesKept = TimeSpan.FromDays(90);
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

    public static void AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<FeedWriter>().AddGroupCommit<FeedWriter, PersonNotified>((writer, told) => writer.ApplyAsync(told), LargestGroup, Pace);
        builder.Services.AddRetention<ChatDbContext>("notifications", TimeSpan.FromHours(1), async (db, now, cancellationToken) =>
        {
            var (old, consumed) = (now - EntriesKept, now - EventsKept);

            // What is unread is counted in the feed, and stays.
            await db.FeedEntries.Where(entry => entry.CreatedAt < old && db.Feeds.Any(feed => feed.UserId == entry.UserId && entry.Seq <= feed.ReadSeq))
                .ExecuteDeleteAsync(cancellationToken);
            await db.FeedDeeds.Where(deed => deed.OccurredAt < old && !db.FeedEntries.Any(entry => entry.Id == deed.EntryId)).ExecuteDeleteAsync(cancellationToken);
            await db.FeedEvents.Where(told => told.ConsumedAt < consumed).ExecuteDeleteAsync(cancellationToken);
        });
    }
}
