using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>What stops does not lose what was registered meanwhile, and what dies comes back by itself.</summary>
[Collection(OneSystem.Name)]
public sealed class OutageTests(AppHostSystem system)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task With_the_broker_stopped_registration_goes_on_and_the_wallet_follows()
    {
        await system.StopAsync("messaging");
        var ada = await system.RegisterAsync();
        await system.StartAsync("messaging");

        Assert.Equal(0, (int?)(await ada.WalletAsync(Recovery))["balance"]);
    }

    [Fact]
    public async Task With_the_wallet_service_killed_registration_goes_on_and_the_wallet_follows()
    {
        system.Kill("wallet");
        var ada = await system.RegisterAsync();

        await Eventually.TrueAsync(async () => (await ada.Client.GetAsync("/api/wallet")).IsSuccessStatusCode, Recovery);
    }
}
