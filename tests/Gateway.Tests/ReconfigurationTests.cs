using Explaino.Testing;

namespace Explaino.Gateway.Tests;

public sealed class ReconfigurationTests
{
    [Fact]
    public async Task Instances_come_and_go_without_a_restart()
    {
        await using var first = await Upstream.StartAsync("first");
        await using var second = await Upstream.StartAsync("second");
        await using var gateway = new GatewayInProcess(("services:jobs:http:0", first.Address));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        Assert.Equal("first", await WhoAnswersAsync(client));

        gateway.Write(("services:jobs:http:0", first.Address), ("services:jobs:http:1", second.Address));
        await Eventually.TrueAsync(async () => await WhoAnswersAsync(client) == "second");

        gateway.Write(("services:jobs:http:1", second.Address));
        await Eventually.TrueAsync(async () =>
        {
            var before = first.Requests.Count;
            for (var i = 0; i < 10; i++)
            {
                await WhoAnswersAsync(client);
            }

            return first.Requests.Count == before;
        });
    }

    private static async Task<string?> WhoAnswersAsync(HttpClient client) => (string?)(await client.GetObjectAsync("/api/jobs"))["service"];
}
