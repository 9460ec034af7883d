using Explaino.WalletService.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.WalletService.Wallets;

/// <summary>Opens wallets: with the first event that names a user, whichever that is, and never again after their deletion.</summary>
internal sealed class WalletOpening(WalletDbContext db, TimeProvider clock)
{
    /// <summary>Makes the user's wallet unless there is one.</summary>
    /// <returns>False if the user is gone: then the caller must not commit.</returns>
    public async Task<bool> TryOpenAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO points_wallets (id, user_id, balance, last_seq, created_at, updated_at)
            VALUES ({Guid.CreateVersion7(now)}, {userId}, 0, 0, {now}, {now})
            ON CONFLICT (user_id) DO NOTHING
            """,
            cancellationToken);

        // Asked after the insertion, which waits for a deletion of the same user under way: only now its outcome can be seen.
        return !await db.DeletedUsers.AnyAsync(user => user.UserId == userId, cancellationToken);
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
