using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Moderation;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService;

/// <summary>Retention: deletes what nothing reads any more, lets the key rotation look at the calendar, and measures what waits. Several instances may do so at once.</summary>
internal sealed class Cleanup(IServiceScopeFactory scopes, StoredSigningKeys keys, CaseMetrics cases, TimeProvider clock, ILogger<Cleanup> logger) : BackgroundService
{
    private static readonly TimeSpan KeptAfterDecision = TimeSpan.FromDays(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await keys.GetAsync(stoppingToken);
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
                while (await scope.ServiceProvider.GetRequiredService<SessionRevoker>().EndExpiredAsync(stoppingToken))
                {
                    // There may be more.
                }

                await DeleteAsync(db, stoppingToken);
                await cases.MeasureAsync(db, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<KeyRotation>().DeleteRetiredAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "What is out of date could not be deleted; it is tried again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DeleteAsync(IdentityDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.RefreshTokens.Where(token => token.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await db.RevokedSessions.Where(revocation => revocation.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await db.LoginAttempts.Where(login => login.TriedAt < now - AccountLockout.Window).ExecuteDeleteAsync(cancellationToken);
        await db.DeleteOldEntriesAsync(cancellationToken);
        await db.Codes.Where(code => code.MadeAt < now - MailedCodes.Hour && code.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);

        // What was reported is needed for a while after the decision, for whoever objects to it.
        await db.Cases.Where(decided => decided.DecidedAt < now - KeptAfterDecision && decided.Snapshot != null).ExecuteUpdateAsync(
            update => update.SetProperty(decided => decided.Snapshot, (string?)null).SetProperty(decided => decided.Excerpt, ""), cancellationToken);

        // Of users who are gone, nothing personal is kept even for the days that sent events are.
        List<string> personal = [EventName.Of<UserCreated>(), EventName.Of<UserUpdated>()];
        await db.Outbox
            .Where(message => message.SentAt != null && personal.Contains(message.Name) && !db.Users.Any(user => user.Id == message.UserId))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
