using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Faults;

/// <summary>The checker of the fault tests notices what it is there for.</summary>
public sealed class CheckerTests(WiredSystem system)
{
    [Fact]
    public async Task An_acknowledged_write_that_was_never_made_is_noticed()
    {
        var complaints = await ComplaintsAboutAsync(liar => liar.Swallows = true);

        Assert.Contains(complaints, complaint => complaint.StartsWith("lost: Transfer", StringComparison.Ordinal));
        Assert.Contains(complaints, complaint => complaint.StartsWith("points of", StringComparison.Ordinal));
        Assert.DoesNotContain(complaints, complaint => complaint.StartsWith("doubled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_write_that_was_made_twice_is_noticed()
    {
        var complaints = await ComplaintsAboutAsync(liar => liar.Doubles = true);

        Assert.Contains(complaints, complaint => complaint.StartsWith("doubled: Transfer", StringComparison.Ordinal));
        Assert.Contains(complaints, complaint => complaint.StartsWith("points of", StringComparison.Ordinal));
        Assert.DoesNotContain(complaints, complaint => complaint.StartsWith("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_honest_gateway_gives_no_cause_to_complain()
    {
        var complaints = await ComplaintsAboutAsync(_ => { });

        Assert.Empty(complaints);
    }

    private async Task<IReadOnlyList<string>> ComplaintsAboutAsync(Action<LyingGateway> corrupt)
    {
        await using var liar = await LyingGateway.StartAsync(system.Gateway.BaseAddress!);
        var load = await MixedLoad.PrepareAsync(liar.Address);
        corrupt(liar);
        load.Start();
        await Explaino.Testing.Eventually.TrueAsync(() => load.History.CountOf(Kind.Transfer) > 200, TimeSpan.FromSeconds(60));
        await load.StopAsync();
        Assert.Empty(load.History.Violations);
        return await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
    }
}
