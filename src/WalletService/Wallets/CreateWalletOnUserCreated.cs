using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>Gives a new user a wallet, once, however often the event comes.</summary>
internal sealed class CreateWalletOnUserCreated(WalletDbContext db, TimeProvider clock) : IConsumer<UserCreated>
{
    public async Task Consume(ConsumeContext<UserCreated> context)
    {
        var now = clock.GetUtcNow();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO points_wallets (id, user_id, balance, created_at, updated_at)
            VALUES ({Guid.CreateVersion7()}, {context.Message.UserId}, 0, {now}, {now})
            ON CONFLICT (user_id) DO NOTHING
            """,
            context.CancellationToken);
    }
}
