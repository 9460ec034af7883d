using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>What stops does not lose what was registered meanwhile.</summary>
public sealed class OutageTests(OutageTests.SystemWithItsOwnBroker system) : IClassFixture<OutageTests.SystemWithItsOwnBroker>
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task With_the_broker_stopped_registration_goes_on_and_the_wallet_follows()
    {
        await system.OwnBroker.StopAsync();
        var ada = await system.RegisterAsync();
        await system.OwnBroker.StartAsync();

        Assert.Equal(0, (int?)(await ada.WalletAsync(Recovery))["balance"]);
    }

    [Fact]
    public async Task With_the_wallet_service_killed_registration_goes_on_and_the_wallet_follows()
    {
        await system[Service.Wallet].KillAsync();
        var ada = await system.RegisterAsync();
        await system[Service.Wallet].StartAsync();

        Assert.Equal(0, (int?)(await ada.WalletAsync(Recovery))["balance"]);
    }

    public sealed class SystemWithItsOwnBroker : ExplainoSystem
    {
        public RabbitMqServer OwnBroker { get; private set; } = null!;

        protected override async Task<RabbitMqServer> BrokerServerAsync() => OwnBroker = await RabbitMqServer.StartPrivateAsync();
    }
}
