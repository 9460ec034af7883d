using System.Diagnostics;
using System.Net;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Which requests an operator finds as traces, where not all are.</summary>
public sealed class SamplingTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Always = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public async Task Of_requests_that_are_not_traced_the_slow_ones_and_those_of_a_traced_caller_are_exported(bool callerIsTraced, bool isSlow, bool isExported)
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var service = new SampleService { TelemetryAddress = collector.Address, TracedShare = 0, SlowAfter = isSlow ? Always : Never };
        await service.InitializeAsync();
        using var caller = new Activity("a caller") { ActivityTraceFlags = callerIsTraced ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None }.Start();
        using var answer = await service.Client.GetAsync(new Uri("/api/things/found", UriKind.Relative));
        caller.Stop();

        // Exported in any case, and after the request before it.
        var failed = await FailAsync(service);
        await Eventually.TrueAsync(() => collector.HasSpan(failed, "", "GET /api/things/broken"));

        Assert.Equal(isExported, collector.HasSpan(caller.TraceId, "", "GET /api/things/found"));
    }

    [Fact]
    public async Task Where_all_are_traced_all_are_exported()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var service = new SampleService { TelemetryAddress = collector.Address, SlowAfter = Never };
        await service.InitializeAsync();

        // A phone's: it tells of no trace.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = service.Client.BaseAddress };
        using var missing = await client.GetAsync(new Uri("/api/things/by-id/none", UriKind.Relative));

        var trace = ActivityTraceId.CreateFromString((string)(await missing.ReadObjectAsync(HttpStatusCode.NotFound))["trace_id"]!);
        await Eventually.TrueAsync(() => collector.HasSpan(trace, "", "GET"));
    }

    private static async Task<ActivityTraceId> FailAsync(SampleService service)
    {
        using var response = await service.Client.GetAsync(new Uri("/api/things/broken", UriKind.Relative));
        return ActivityTraceId.CreateFromString((string)(await response.ReadObjectAsync(HttpStatusCode.InternalServerError))["trace_id"]!);
    }
}
