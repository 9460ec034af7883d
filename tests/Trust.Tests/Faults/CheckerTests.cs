using Explaino.Testing;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Faults;

/// <summary>The checker of the fault tests notices what it is there for.</summary>
public sealed class CheckerTests(WiredSystem system)
{
    [Fact]
    public Task An_acknowledged_write_that_was_never_made_is_noticed() =>
        IsNoticedAsync(liar => liar.Swallows = true, complaint: "lost", other: "doubled");

    [Fact]
    public Task A_write_that_was_made_twice_is_noticed() =>
        IsNoticedAsync(liar => liar.Doubles = true, complaint: "doubled", other: "lost");

    [Fact]
    public async Task An_honest_gateway_gives_no_cause_to_complain()
    {
        var complaints = await ComplaintsAboutAsync(_ => { });

        Assert.Empty(complaints);
    }

    private async Task IsNoticedAsync(Action<LyingGateway> corrupt, string complaint, string other)
    {
        var complaints = await ComplaintsAboutAsync(corrupt);

        Assert.Contains(complaints, said => said.StartsWith($"{complaint}: Transfer", StringComparison.Ordinal));
        Assert.Contains(complaints, said => said.StartsWith("points of", StringComparison.Ordinal));
        Assert.DoesNotContain(complaints, said => said.StartsWith(other, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<string>> ComplaintsAboutAsync(Action<LyingGateway> corrupt)
    {
        await using var liar = await LyingGateway.StartAsync(system.Gateway.BaseAddress!);
        var load = await MixedLoad.PrepareAsync(liar.Address);
        corrupt(liar);
        load.Start();
        await Eventually.TrueAsync(() => load.History.CountOf(Kind.Transfer) > 100, TimeSpan.FromMinutes(2));
        await load.StopAsync();
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        return await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
    }
}
