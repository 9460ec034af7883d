using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Reports;
using Explaino.ServiceFiles.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Explaino.IdentityService.Users;

/// <summary>Account deletion: by the password in the app, or by a mailed code from the web.</summary>
internal sealed class UserDeletion(IdentityDbContext db, AccountLockout lockout, SessionRevoker revoker, FileDisposal files, AuditLog audit, TimeProvider clock)
{
    /// <summary>Deletes the account and commits the caller's transaction, in which the admins and the user are locked; then their files go.</summary>
    /// <returns>Null, or why not.</returns>
    public async Task<ProblemHttpResult?> DeleteAsync(User user, IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        if (user.IsAdmin && await db.IsLastAdminAsync(user.Id, clock, cancellationToken))
        {
            return RoleEndpoints.LastAdmin();
        }

        await revoker.RevokeAllAsync(user.Id, cancellationToken);
        await ForgetAsync(user, cancellationToken);
        var upload = await db.ForgetImageAsync(user.Id, cancellationToken);
        db.Users.Remove(user);
        db.Outbox.Enqueue(new UserDeleted(user.Id, clock.GetUtcNow()), user.Id, clock);
        db.AuditEntries.Add(audit.Done(AuditActions.Deletion, user.Id));
        await db.SaveChangesAsync(cancellationToken);
        await db.ForgetAddressesAsync(user.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await files.DiscardAsync(upload);
        return null;
    }

    /// <summary>What is personal and not in the user's row: events that were, or now need not be, published; the address in mails and failed logins.</summary>
    private async Task ForgetAsync(User user, CancellationToken cancellationToken)
    {
        // The relay may hold some of these rows while it waits for the broker; those it sends, and the cleanup deletes.
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM outbox_messages WHERE id IN (
                SELECT id FROM outbox_messages
                WHERE user_id = {user.Id} AND name IN ({EventName.Of<UserCreated>()}, {EventName.Of<UserUpdated>()}) FOR UPDATE SKIP LOCKED)
            """,
            cancellationToken);
        await db.DeleteReportsAsync(user.Id, cancellationToken);
        await db.Cases.Where(decided => decided.DecidedBy == user.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(decided => decided.DecidedBy, (Guid?)null), cancellationToken);
        await db.Set<IdempotencyKey>().Where(key => key.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Mails.Where(mail => mail.Email == user.NormalizedEmail).ExecuteDeleteAsync(cancellationToken);
        await lockout.ForgetAsync(user.Email, cancellationToken);
    }
}
