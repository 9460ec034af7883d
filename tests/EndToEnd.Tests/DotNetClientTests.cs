using System.Text.Json.Nodes;
using Explaino.Client;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>clients/csharp plays its scenarios: what an app does, from the registration to the return from a tunnel.</summary>
[Collection(OneSystem.Name)]
public sealed class DotNetClientTests(AppHostSystem system)
{
    [Fact]
    public async Task It_knows_every_POST_that_takes_an_idempotency_key()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathTo("docs", "openapi", "released", "explaino.json")))!;

        var keyed = from path in document["paths"]!.AsObject()
                    where path.Value!["post"]?["parameters"]?.AsArray().Any(parameter => (string)parameter!["name"]! == Repetition.Key) == true
                    select path.Key;
        Assert.Equal(keyed.Order(), Repetition.Keyed.Order());
    }

    [Fact]
    public async Task Its_scenarios_hold()
    {
        await using var scenario = await ClientScenario.BeginAsync(system.Gateway.BaseAddress!, system.Gateway.BaseAddress!);

        await scenario.PlayAsync();

        Assert.Equal(1, scenario.Refreshes);
    }

    [Fact]
    public async Task Its_scenarios_hold_where_one_answer_in_five_is_lost_after_the_work_was_done()
    {
        using var wire = new Wire("127.0.0.1", system.Gateway.BaseAddress!.Port) { LostAnswers = 0.2 };
        await using var scenario = await ClientScenario.BeginAsync(new($"http://127.0.0.1:{wire.Port}"), system.Gateway.BaseAddress!);

        await scenario.PlayAsync();

        Assert.True(wire.Lost > 10, $"{wire.Lost} answers were lost.");
    }
}
