using Explaino.ServiceData;
using Explaino.WalletService.Events;
using MassTransit;

namespace Explaino.WalletService.Wallets;

/// <summary>Gives a new user a wallet, once, however often and however late the event comes; those who register at the same time in one commit (docs/adr/0059).</summary>
internal sealed class CreateWalletOnUserCreated(GroupCommit<UserCreated> wallets) : IConsumer<UserCreated>
{
    public Task Consume(ConsumeContext<UserCreated> context) => wallets.WriteAsync(context.Message, context.CancellationToken);
}

internal static class WalletCreation
{
    private const int LargestGroup = 100;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static void AddWalletCreation(this IBusRegistrationConfigurator bus)
    {
        bus.AddGroupCommit<WalletOpening, UserCreated>((opening, users) => opening.OpenAsync(users.Select(user => user.UserId)), LargestGroup, Pace);
        bus.AddConsumer<CreateWalletOnUserCreated>().Endpoint(endpoint =>
        {
            endpoint.Name = "wallet-service.user-created";
            endpoint.PrefetchCount = LargestGroup;
        });
    }
}
