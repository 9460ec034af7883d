using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using MassTransit;

namespace Explaino.WalletService.Wallets;

/// <summary>Gives a new user a wallet, once, however often and however late the event comes.</summary>
internal sealed class CreateWalletOnUserCreated(WalletDbContext db, WalletOpening opening) : IConsumer<UserCreated>
{
    public async Task Consume(ConsumeContext<UserCreated> context)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        if (await opening.TryOpenAsync(context.Message.UserId, context.CancellationToken))
        {
            await transaction.CommitAsync(context.CancellationToken);
        }
    }
}
