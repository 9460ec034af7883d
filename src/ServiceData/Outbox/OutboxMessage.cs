using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.Outbox;

/// <summary>A row of the outbox: an event that is published if, and only if, what it tells of was committed, because it is part of that transaction.</summary>
public sealed class OutboxMessage
{
    /// <summary>The message id on the broker as well: consumers see a redelivery as what it is.</summary>
    public required Guid Id { get; init; }

    /// <summary>See <see cref="EventName"/>.</summary>
    public required string Name { get; init; }

    public required string Payload { get; init; }

    /// <summary>Whom it is about: of one batch, one person's events are published in their order.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The request that caused it, so that its trace goes on over the broker.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How often publishing failed for a reason of its own; the broker's absence does not count.</summary>
    public int Attempts { get; init; }

    public string? LastError { get; init; }

    /// <summary>When it was given up until an operator says <c>outbox retry</c>.</summary>
    public DateTimeOffset? SetAsideAt { get; init; }

    /// <summary>The row of an event, for a statement of one's own that stores it with the change; after the commit <see cref="OutboxSignal"/> is woken.</summary>
    /// <param name="userId">Whom it is about.</param>
    public static OutboxMessage Of<T>(T message, Guid userId, DateTimeOffset now) where T : notnull => new()
    {
        Id = Guid.CreateVersion7(now),
        Name = EventName.Of<T>(),
        Payload = JsonSerializer.Serialize(message, JsonSerializerOptions.Web),
        UserId = userId,
        TraceParent = Activity.Current?.Id,
        CreatedAt = now,
    };
}

/// <summary>Every database whose service publishes applies this.</summary>
public sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("outbox_messages");
        builder.Property(message => message.Payload).HasColumnType("jsonb");
        builder.HasIndex(message => message.Id).HasFilter("sent_at IS NULL").HasDatabaseName("ix_outbox_messages_unsent");
        builder.HasIndex(message => message.SentAt).HasFilter("sent_at IS NOT NULL").HasDatabaseName("ix_outbox_messages_sent_at");
        builder.HasIndex(message => message.UserId).HasDatabaseName("ix_outbox_messages_user_id");
    }
}
