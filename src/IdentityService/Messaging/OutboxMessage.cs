using System.Diagnostics;
using System.Text.Json;
using Explaino.IdentityService.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Messaging;

/// <summary>An event that is published if, and only if, what it tells of was committed: its row is part of that transaction.</summary>
public sealed class OutboxMessage
{
    /// <summary>The message id on the broker as well: consumers see a redelivery as what it is.</summary>
    public required Guid Id { get; init; }

    /// <summary>Which of <see cref="EventTypes"/>.</summary>
    public required string Name { get; init; }

    public required string Payload { get; init; }

    /// <summary>Whom it is about.</summary>
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
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
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

/// <summary>
/// The events this service publishes, by the name of their document in docs/events. Their types are public: MassTransit gives others exchanges that
/// do not survive a restart of the broker.
/// </summary>
internal static class EventTypes
{
    public const string UserCreated = "user-created.v1";
    public const string UserUpdated = "user-updated.v1";
    public const string UserDeleted = "user-deleted.v1";
    public const string SessionRevoked = "session-revoked.v1";

    private static readonly Dictionary<string, Type> ByName = new()
    {
        [UserCreated] = typeof(UserCreated),
        [UserUpdated] = typeof(UserUpdated),
        [UserDeleted] = typeof(UserDeleted),
        [SessionRevoked] = typeof(SessionRevoked),
    };

    private static readonly Dictionary<Type, string> ByType = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Adds the event to what the context saves next.</summary>
    public static void Enqueue<T>(this DbSet<OutboxMessage> outbox, T message, Guid userId, TimeProvider clock) where T : notnull
    {
        var now = clock.GetUtcNow();
        outbox.Add(new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Name = ByType[typeof(T)],
            Payload = JsonSerializer.Serialize(message, JsonSerializerOptions.Web),
            UserId = userId,
            TraceParent = Activity.Current?.Id,
            CreatedAt = now,
        });
    }

    /// <exception cref="JsonException">The row does not hold an event.</exception>
    public static object Read(OutboxMessage message) =>
        ByName.TryGetValue(message.Name, out var type) && JsonSerializer.Deserialize(message.Payload, type, JsonSerializerOptions.Web) is { } read
            ? read
            : throw new JsonException($"'{message.Name}' is no event of this service, or its payload is empty.");
}
