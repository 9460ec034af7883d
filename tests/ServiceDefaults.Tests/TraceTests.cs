using System.Collections.Concurrent;
using System.Diagnostics;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>What an operator sees of a request.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    // Nobody listens there: what is looked at is what would be sent.
    private readonly SampleService _service = new() { TelemetryAddress = "http://127.0.0.1:9" };

    public ValueTask InitializeAsync() => _service.InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_request_is_a_span_with_method_route_and_status_and_without_its_query()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = new Activity("a caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var trace = caller.TraceId;

        using var response = await _service.Client.GetAsync(new Uri("/api/things?q=abc&access_token=secret", UriKind.Relative));

        await Testing.Eventually.TrueAsync(() => spans.Any(span => span.TraceId == trace));
        var span = spans.Single(span => span.TraceId == trace);
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
        Assert.Equal("GET", tags["http.request.method"]);
        Assert.Equal("/api/things", tags["http.route"]?.TrimEnd('/'));
        Assert.Equal("200", tags["http.response.status_code"]);
        Assert.StartsWith("GET /api/things", span.DisplayName, StringComparison.Ordinal);
        Assert.Equal("/api/things", tags["url.path"]);
        Assert.DoesNotContain(tags.Values, value => value?.Contains("secret", StringComparison.Ordinal) == true);
    }
}
