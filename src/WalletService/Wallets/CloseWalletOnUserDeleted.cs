using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.WalletService.Wallets;

/// <summary>Takes the person out of the books: the wallet goes, its points go back, and nothing is left that says whose the entries were.</summary>
internal sealed class CloseWalletOnUserDeleted(WalletDbContext db, WalletOpening opening, Ledger ledger) : IConsumer<UserDeleted>
{
    public async Task Consume(ConsumeContext<UserDeleted> context)
    {
        var (userId, deletedAt) = context.Message;

        // A long history may take longer than a request's statement may.
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);

        // Opened, if it is not there, so that a UserCreated under way waits until this is committed.
        if (await opening.TryOpenAsync(userId, context.CancellationToken)
            && await ledger.CloseAsync(userId, context.CancellationToken) is { } walletId)
        {
            await ForgetAsync(userId, walletId, context.CancellationToken);
            await db.DeleteBlocksAsync(userId, context.CancellationToken);
            await db.DeleteEventsAboutAsync<PersonNotified>(userId, context.CancellationToken);
            await db.ForgetAuditedAddressesAsync(userId, context.CancellationToken);
            db.DeletedUsers.Add(new() { UserId = userId, DeletedAt = deletedAt.ToUniversalTime() });
            await db.SaveChangesAsync(context.CancellationToken);
            await transaction.CommitAsync(context.CancellationToken);
        }
    }

    private async Task ForgetAsync(Guid userId, Guid walletId, CancellationToken cancellationToken)
    {
        // In order, because the other side of a transfer may be deleted at the same time.
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE wallet_transactions SET reason = NULL WHERE id IN (
                SELECT t.id FROM wallet_transactions AS t JOIN wallet_entries AS e ON e.transaction_id = t.id
                WHERE e.wallet_id = {walletId} AND t.reason IS NOT NULL
                ORDER BY t.id FOR UPDATE OF t)
            """,
            cancellationToken);

        // Only what was done has a kept answer, committed with its entries. So of others' answers these name the person: of transfers to them, found by
        // the senders in their entries, and of admins' calls, which all say whose wallet it was in the location, however the path spelt it, and have a
        // small index of their own. Whoever repeats such a call hears 404 from now on. In order, for the same reason as above.
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM idempotency_keys WHERE (user_id, call, key) IN (
                SELECT user_id, call, key FROM idempotency_keys
                WHERE user_id = {userId}
                OR (user_id = ANY (ARRAY(
                    SELECT sender.user_id FROM wallet_entries AS received JOIN wallet_entries AS sent USING (transaction_id)
                    JOIN points_wallets AS sender ON sender.id = sent.wallet_id
                    WHERE received.wallet_id = {walletId} AND received.amount > 0)) AND body LIKE {$"%{userId}%"})
                OR (call LIKE 'POST /api/wallets/%' AND location LIKE {$"/api/wallets/{userId}/%"})
                ORDER BY user_id, call, key FOR UPDATE)
            """,
            cancellationToken);
    }
}

/// <summary>The calls of admins name a wallet's owner in their path: a few among many keys, and to be found when the owner is deleted.</summary>
internal sealed class AdjustmentKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder) =>
        builder.HasIndex(key => key.Call).HasFilter("call LIKE 'POST /api/wallets/%'").HasDatabaseName("ix_idempotency_keys_adjustments");
}
