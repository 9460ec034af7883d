using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>What cannot be consumed waits in a dead-letter queue for an operator and their verbs.</summary>
public sealed class ErrorQueueTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task An_award_that_does_not_fit_waits_for_an_operator_who_can_replay_it()
    {
        const string Queue = "wallet-service.points-awarded";
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        await using var own = WalletHost.In(environment);
        await own.InitializeAsync();
        var user = await own.NewMemberAsync();
        await own.FillAsync(user);

        await own.PublishPointsAwardedAsync(user.Id, 5);
        await own.PublishPointsAwardedAsync(user.Id, 1_000_001);
        await Eventually.TrueAsync(async () => await own.Environment.Broker.MessagesInAsync($"{Queue}_error") == 2, TimeSpan.FromSeconds(60));
        var list = await own.RunVerbInProcessAsync("errors", "list");
        var listAgain = await own.RunVerbInProcessAsync("errors", "list", Queue);
        using var deduction = await own.DeductAsync(user.Id, 5);
        var replay = await own.RunVerbAsync("errors", "replay", Queue);

        Assert.Equal(0, list.ExitCode);
        Assert.Contains("balance_overflow", list.Output);
        Assert.Contains("ValidationException", list.Output);
        Assert.Contains($"{Queue}: 2 failed", listAgain.Output);
        Assert.Contains($"{Queue}: 2 replayed", replay.Output);
        await Eventually.TrueAsync(async () => await own.BalanceAsync(user) == int.MaxValue);
        await Eventually.TrueAsync(async () => await own.Environment.Broker.MessagesInAsync($"{Queue}_error") == 1, TimeSpan.FromSeconds(60));
        Assert.Equal("First answer of the week", (string?)(await own.TransactionsAsync(user))[0]["reason"]);
    }

    [Theory]
    [InlineData("errors")]
    [InlineData("errors", "drop")]
    [InlineData("errors", "list", "another-service.queue")]
    public async Task A_verb_that_is_misspelt_explains_itself(params string[] words)
    {
        var answer = await host.RunVerbInProcessAsync(words);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("errors", answer.Output);
    }

    [Fact]
    public async Task An_unknown_verb_is_answered_with_those_there_are()
    {
        var answer = await host.RunVerbAsync("nonsense");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("errors", answer.Output);
    }
}
