using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>clients/typescript plays its scenarios: what an app does, from the registration to the return from a tunnel.</summary>
[Collection(OneSystem.Name)]
public sealed class TypeScriptClientTests(AppHostSystem system)
{
    private Uri Gateway => system.Gateway.BaseAddress!;

    [Fact]
    public Task Its_scenarios_hold() => Clients.TestAsync("typescript", ("GATEWAY", Gateway), ("TRUTH", Gateway));

    [Fact]
    public async Task Its_scenarios_hold_where_one_answer_in_five_is_lost_after_the_work_was_done()
    {
        using var wire = new Wire("127.0.0.1", Gateway.Port) { LostAnswers = 0.2 };

        await Clients.TestAsync("typescript", ("GATEWAY", new($"http://127.0.0.1:{wire.Port}")), ("TRUTH", Gateway));

        Assert.True(wire.Lost > 30, $"{wire.Lost} answers were lost.");
    }
}
