using Explaino.ChatService.Attachments;
using Explaino.ChatService.Devices;
using Explaino.ChatService.Feed;
using Explaino.ChatService.Groups;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceData.Resync;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Data;

/// <summary>ChatService's own database. What is said in it is written and read by statements that chats and groups share: see <see cref="Messages"/>.</summary>
public sealed class ChatDbContext(DbContextOptions<ChatDbContext> options) : ServiceDbContext(options), IKeepsBlocks
{
    public static string QueryOfDeletedUsers => BlockStatements.DeletedPeople;

    public DbSet<Person> People => Set<Person>();

    internal DbSet<Attachment> Attachments => Set<Attachment>();

    internal DbSet<GroupChat> Groups => Set<GroupChat>();

    internal DbSet<Participant> Participants => Set<Participant>();

    internal DbSet<PersonFeed> Feeds => Set<PersonFeed>();

    internal DbSet<FeedEntry> FeedEntries => Set<FeedEntry>();

    internal DbSet<FeedDeed> FeedDeeds => Set<FeedDeed>();

    internal DbSet<FeedEvent> FeedEvents => Set<FeedEvent>();

    internal DbSet<FeedSettings> FeedSettings => Set<FeedSettings>();

    internal DbSet<Device> Devices => Set<Device>();

    internal DbSet<EndedSession> EndedSessions => Set<EndedSession>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .HasPostgresExtension("btree_gin")
            .ApplyConfiguration(new PersonConfiguration())
            .ApplyConfiguration(new InitialLoadConfiguration())
            .ApplyConfiguration(new BlockConfiguration())
            .ApplyConfiguration(new ReportConfiguration())
            .ApplyConfiguration(new OutboxMessageConfiguration())
            .ApplyConfigurationsFromAssembly(typeof(ChatDbContext).Assembly);
}
