using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>The verb <c>resync people</c>: who has an account has a wallet, even if it was lost with its event.</summary>
public sealed class ResyncTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task Who_has_an_account_gets_the_wallet_that_was_lost_and_whom_Identity_does_not_know_is_named()
    {
        var (owner, unknown, lost) = (await host.NewMemberAsync(points: 5), await host.NewMemberAsync(), TestUser.New());
        await host.HasLoadedPeopleAsync();
        host.Environment.Issuer.People = () => Task.FromResult<IReadOnlyList<JsonObject>>([Known(owner), Known(lost)]);

        var verb = await host.RunVerbInProcessAsync("resync", "people");

        Assert.Equal(1, verb.ExitCode);
        Assert.Contains("2 people compared with Identity, 1 put right, 1 left to you", verb.Output, StringComparison.Ordinal);
        Assert.Contains($"{unknown.Id} is unknown to Identity", verb.Output, StringComparison.Ordinal);
        Assert.Equal((5, 0), (await BalanceAsync(owner), await BalanceAsync(lost)));
    }

    [Fact]
    public async Task Who_registered_before_the_service_first_ran_gets_a_wallet_as_soon_as_Identity_answers()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        var (early, refusals) = (TestUser.New(), 4);
        environment.Issuer.People = () => Interlocked.Decrement(ref refusals) >= 0
            ? throw new InvalidOperationException("Not yet.")
            : Task.FromResult<IReadOnlyList<JsonObject>>([Known(early)]);

        await using var first = WalletHost.In(environment);
        await first.InitializeAsync();

        await first.HasWalletAsync(early);
        Assert.InRange(refusals, int.MinValue, -1);
    }

    private static JsonObject Known(TestUser user) =>
        new() { ["user_id"] = user.Id, ["username"] = user.Username, ["created_at"] = "2026-11-22T10:00:00Z", ["version"] = 1 };

    private async Task<int> BalanceAsync(TestUser user)
    {
        using var client = host.As(user);
        using var response = await client.GetAsync("/api/wallet");
        return (int)(await response.ReadObjectAsync(HttpStatusCode.OK))["balance"]!;
    }
}
