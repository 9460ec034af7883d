using System.Collections.Concurrent;
using System.Diagnostics;

namespace Explaino.Gateway.Tests;

public sealed class TraceTests
{
    [Fact]
    public async Task No_span_carries_the_token_of_the_query()
    {
        const string Secret = "secret-of-a-traced-user";
        await using var chat = await Upstream.StartAsync("chat");
        await using var gateway = new GatewayInProcess(("services:chat:http:0", chat.Address));
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(gateway.Address, $"/hubs/chat?access_token={Secret}"));

        // The client's own span, above the gateway's, is not the gateway's affair.
        var ours = spans.Where(span => span.Source.Name is "Microsoft.AspNetCore" or "Yarp.ReverseProxy" || span.Tags.Any(tag => tag.Value?.Contains("/hubs/chat") == true)).ToList();
        Assert.Contains(ours, span => span.Source.Name == "Microsoft.AspNetCore");
        Assert.Contains(ours, span => span.Source.Name == "System.Net.Http");
        Assert.All(ours, span => Assert.DoesNotContain(
            span.TagObjects.Select(tag => $"{tag.Value}").Append(span.DisplayName), text => text.Contains(Secret)));
    }
}
