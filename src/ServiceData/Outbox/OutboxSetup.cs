using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceData.Outbox;

/// <summary>Transactional outbox: events are stored with the change they tell of, and published by a relay (docs/adr/0004).</summary>
public static class OutboxSetup
{
    private static readonly TimeSpan KeptAfterSending = TimeSpan.FromDays(7);

    /// <summary>Publishes what is enqueued: registers the relay, its metrics, the verb <c>outbox</c>, and the retention of what was sent.</summary>
    /// <param name="events">All that this service publishes: public types with MassTransit's <c>EntityName</c> and <c>MessageUrn</c>.</param>
    public static WebApplicationBuilder AddOutbox<TContext>(this WebApplicationBuilder builder, params Type[] events) where TContext : DbContext
    {
        builder.Services.AddSingleton(new EventTypes(events));
        builder.Services.AddSingleton<OutboxSignal>().AddSingleton<WakeOutboxOnCommit>().AddSingleton<OutboxMetrics>();
        builder.Services.ConfigureDbContext<TContext>((services, db) => db.AddInterceptors(services.GetRequiredService<WakeOutboxOnCommit>()));
        builder.Services.AddHostedService<OutboxRelay<TContext>>().AddPublishObserver<PublishAttempt.Observer>();
        builder.Services.AddRetention<TContext>("published events", TimeSpan.FromMinutes(10), (db, now, cancellationToken) =>
            db.Set<OutboxMessage>().Where(message => message.SentAt < now - KeptAfterSending).ExecuteDeleteAsync(cancellationToken));
        builder.Services.AddServiceCommand(
            "outbox", "List the events that were set aside, publish them again, or all that were sent since a moment: outbox list | outbox retry [id] | outbox resend <moment>.",
            OutboxVerb.RunAsync<TContext>, OutboxVerb.Audited);
        return builder;
    }

    /// <summary>Adds the event to what the context saves next.</summary>
    /// <param name="userId">Whom it is about.</param>
    public static void Enqueue<T>(this DbSet<OutboxMessage> outbox, T message, Guid userId, TimeProvider clock) where T : notnull =>
        outbox.Add(OutboxMessage.Of(message, userId, clock.GetUtcNow()));

    /// <summary>
    /// Deletes the events of one kind about somebody whose account is gone, in the transaction that forgets them; but for those that the relay holds while it waits for
    /// the broker: what it has sent is deleted with the others, days later.
    /// </summary>
    public static Task<int> DeleteEventsAboutAsync<TEvent>(this DbContext db, Guid userId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        DELETE FROM outbox_messages
        WHERE id IN (SELECT id FROM outbox_messages WHERE user_id = {userId} AND name = {EventName.Of<TEvent>()} FOR UPDATE SKIP LOCKED)
        """,
        cancellationToken);
}
