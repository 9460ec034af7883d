using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Feed;

/// <summary>What somebody is told of; clients see an unknown word as <c>other</c>.</summary>
internal enum FeedKind
{
    AddedToGroup,
    JobComment,
    JobLike,
    PointsReceived,
    Decision,
    Security,
    Other,
}

/// <summary>Feed: somebody's notifications as a whole. Its row is held while anything of them changes, so that the numbers in it are exact.</summary>
internal sealed class PersonFeed
{
    public required Guid UserId { get; init; }

    /// <summary>Of the newest entry; one that moves to the front takes the next.</summary>
    public long LastSeq { get; set; }

    public long ReadSeq { get; init; }

    /// <summary>How many entries come after <see cref="ReadSeq"/>, kept so that nothing is counted.</summary>
    public long Unread { get; set; }
}

/// <summary>A notification: one kind about one thing, of everybody who did it while it was unread.</summary>
internal sealed class FeedEntry
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required long Seq { get; set; }

    public required FeedKind Kind { get; init; }

    /// <summary>What makes two deeds one entry.</summary>
    public required string SubjectKey { get; init; }

    public required Dictionary<string, string> Subject { get; set; }

    public required Dictionary<string, string> Params { get; set; }

    /// <summary>The latest of those who did it.</summary>
    public required Guid[] Actors { get; set; }

    /// <summary>How many did it.</summary>
    public required int Count { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What somebody did, as it was last told: so that late events about it change nothing, and a withdrawal finds its entry.</summary>
internal sealed class FeedDeed
{
    public required Guid UserId { get; init; }

    public required FeedKind Kind { get; init; }

    public required string SubjectKey { get; init; }

    public required Guid ActorId { get; init; }

    public Guid? EntryId { get; set; }

    public required DateTimeOffset OccurredAt { get; set; }

    public bool Withdrawn { get; set; }
}

/// <summary>An event that was consumed.</summary>
internal sealed class FeedEvent
{
    public required Guid EventId { get; init; }

    public required DateTimeOffset ConsumedAt { get; init; }
}

internal sealed class PersonFeedConfiguration : IEntityTypeConfiguration<PersonFeed>
{
    public void Configure(EntityTypeBuilder<PersonFeed> builder)
    {
        builder.ToTable("feeds", table => table.HasCheckConstraint("ck_feeds_unread", "unread >= 0 AND read_seq <= last_seq"));
        builder.HasKey(feed => feed.UserId).HasName("pk_feeds");
    }
}

internal sealed class FeedEntryConfiguration : IEntityTypeConfiguration<FeedEntry>
{
    public void Configure(EntityTypeBuilder<FeedEntry> builder)
    {
        builder.ToTable("feed_entries");
        builder.HasKey(entry => entry.Id).HasName("pk_feed_entries");
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Property(entry => entry.Kind).StoredAsWord();
        builder.Property(entry => entry.Subject).HasJsonText();
        builder.Property(entry => entry.Params).HasJsonText();
        builder.HasIndex(entry => new { entry.UserId, entry.Seq }).IsUnique().HasDatabaseName("ux_feed_entries_user_id_seq");
        builder.HasIndex(entry => new { entry.UserId, entry.Kind, entry.SubjectKey, entry.Seq }).HasDatabaseName("ix_feed_entries_subject");
        builder.HasIndex(entry => entry.CreatedAt).HasDatabaseName("ix_feed_entries_created_at");
    }
}

internal sealed class FeedDeedConfiguration : IEntityTypeConfiguration<FeedDeed>
{
    public void Configure(EntityTypeBuilder<FeedDeed> builder)
    {
        builder.ToTable("feed_deeds");
        builder.HasKey(deed => new { deed.UserId, deed.Kind, deed.SubjectKey, deed.ActorId }).HasName("pk_feed_deeds");
        builder.Property(deed => deed.Kind).StoredAsWord();
        builder.HasIndex(deed => new { deed.EntryId, deed.OccurredAt }).HasDatabaseName("ix_feed_deeds_entry_id");
        builder.HasIndex(deed => deed.OccurredAt).HasDatabaseName("ix_feed_deeds_occurred_at");
    }
}

internal sealed class FeedEventConfiguration : IEntityTypeConfiguration<FeedEvent>
{
    public void Configure(EntityTypeBuilder<FeedEvent> builder)
    {
        builder.ToTable("feed_events");
        builder.HasKey(consumed => consumed.EventId).HasName("pk_feed_events");
        builder.HasIndex(consumed => consumed.ConsumedAt).HasDatabaseName("ix_feed_events_consumed_at");
    }
}
