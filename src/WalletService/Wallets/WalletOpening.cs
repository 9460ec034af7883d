using Explaino.WalletService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.WalletService.Wallets;

/// <summary>Opens wallets: with the first event that names a user, whichever that is, and never again after their deletion.</summary>
internal sealed class WalletOpening(WalletDbContext db, TimeProvider clock)
{
    /// <summary>Makes the wallets of all who are not gone, in a transaction of its own.</summary>
    public async Task OpenAsync(IEnumerable<Guid> userIds)
    {
        Guid[] left = [.. userIds.Distinct()];
        while (left.Length > 0)
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var gone = await InsertAsync(left, CancellationToken.None);
            if (gone.Count == 0)
            {
                await transaction.CommitAsync();
                return;
            }

            left = [.. left.Except(gone)];
        }
    }

    /// <summary>Makes the user's wallet unless there is one.</summary>
    /// <returns>False if the user is gone: then the caller must not commit.</returns>
    public async Task<bool> TryOpenAsync(Guid userId, CancellationToken cancellationToken) => await InsertAsync([userId], cancellationToken) is [];

    /// <returns>Who of them is gone.</returns>
    private async Task<List<Guid>> InsertAsync(Guid[] userIds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ids = Array.ConvertAll(userIds, _ => Guid.CreateVersion7(now));
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO points_wallets (id, user_id, balance, last_seq, created_at, updated_at)
            SELECT id, user_id, 0, 0, {now}, {now} FROM unnest({ids}, {userIds}) AS wallet (id, user_id) ORDER BY user_id
            ON CONFLICT (user_id) DO NOTHING
            """,
            cancellationToken);

        // Asked after the insertion, which waits for a deletion of the same user under way: only now its outcome can be seen.
        return await db.DeletedUsers.Where(user => userIds.Contains(user.UserId)).Select(user => user.UserId).ToListAsync(cancellationToken);
    }
}

/// <summary>Somebody who is gone for good.</summary>
public sealed class DeletedUser
{
    public required Guid UserId { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }
}

/// <summary>Remembers who is gone, so that no late event gives them a wallet again.</summary>
internal sealed class DeletedUserConfiguration : IEntityTypeConfiguration<DeletedUser>
{
    public void Configure(EntityTypeBuilder<DeletedUser> builder)
    {
        builder.ToTable("deleted_users");
        builder.HasKey(user => user.UserId);
    }
}
