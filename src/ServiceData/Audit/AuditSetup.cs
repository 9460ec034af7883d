using Explaino.ServiceData.Outbox;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceData.Audit;

public static class AuditSetup
{
    /// <summary>What this service audits is made by <see cref="AuditLog"/>, and published by its outbox, among whose events <see cref="ActionAudited"/> must be.</summary>
    /// <param name="service">Its name in addresses of documents.</param>
    public static WebApplicationBuilder AddAudit<TContext>(this WebApplicationBuilder builder, string service) where TContext : DbContext
    {
        builder.AddClientAddress();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton(services => new AuditLog(
            service, services.GetRequiredService<IHttpContextAccessor>(), services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddScoped<VerbAudit>(services => async (action, cancellationToken) =>
        {
            var db = services.GetRequiredService<TContext>();
            db.Set<OutboxMessage>().Enqueue(services.GetRequiredService<AuditLog>().DoneByOperator(action), services.GetRequiredService<TimeProvider>());
            await db.SaveChangesAsync(cancellationToken);
        });
        return builder;
    }

    /// <summary>Adds the entry to what the context saves next.</summary>
    public static void Enqueue(this DbSet<OutboxMessage> outbox, ActionAudited entry, TimeProvider clock) =>
        outbox.Enqueue(entry, entry.ActorId ?? entry.SubjectId ?? Guid.Empty, clock);

    /// <summary>Takes from entries under way to Identity where a deleted person did what they tell of; that it was done remains.</summary>
    public static Task ForgetAuditedAddressesAsync(this DbContext db, Guid userId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        UPDATE outbox_messages SET payload = payload - 'ip' - 'userAgent'
        WHERE user_id = {userId} AND name = {EventName.Of<ActionAudited>()} AND payload ->> 'actorId' = {userId}::text
        """,
        cancellationToken);
}
