using System.Diagnostics;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Soak;

/// <summary>Endurance: at half of what the system can do, nothing it uses goes on growing, and nothing is worth a warning.</summary>
public sealed class SoakTests(SoakSystem system, ITestOutputHelper output) : IClassFixture<SoakSystem>
{
    private const string Area = "Soak";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Nothing_grows_under_half_load_for_hours()
    {
        var pace = await HalfAsync();
        var seconds = Scale.Of(test: 90, shortRun: 300, longRun: 3600);
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start(pace: pace);
        var visitors = new HubVisitors(load, system.Gateway.BaseAddress!).Start();
        await PassAsync(TimeSpan.FromSeconds(seconds / 3));
        var (acknowledged, visits, earlier) = (load.History.Acknowledged, visitors.Visits, system.Warnings());

        await using var resources = new Resources(system);
        await PassAsync(TimeSpan.FromSeconds(seconds - seconds / 3), resources);
        acknowledged = load.History.Acknowledged - acknowledged;
        visits = visitors.Visits - visits;
        await visitors.StopAsync(); // They wait for messages.
        await load.StopAsync();

        // Its processes were started all at once, and missed each other.
        var warnings = system.Warnings().Skip(earlier.Count).ToList();
        Record(resources, seconds - seconds / 3, acknowledged, visits, warnings.Count);
        Assert.Empty(load.History.Violations.Concat(visitors.Failures));
        Assert.Equal(0, load.History.Unavailable);
        Assert.Empty(warnings);
        Assert.Empty(resources.Complaints());
    }

    [Fact]
    public async Task Connections_that_stay_and_a_queue_that_nobody_reads_are_noticed()
    {
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start(pace: TimeSpan.FromMilliseconds(300));
        var queue = await ForgottenQueue.BindAsync(system.Broker, "user-created.v1");
        var staying = new List<HubClient>();
        await using var resources = new Resources(system);

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(700));
        for (var sample = 0; sample < 50; sample++)
        {
            await pace.WaitForNextTickAsync();
            staying.Add(await HubClient.ConnectAsync(system.Gateway.BaseAddress!, load.People[sample % load.People.Count].Token));
            await resources.SampleAsync();
        }

        await load.StopAsync();
        await Task.WhenAll(staying.Select(client => client.DisposeAsync().AsTask()));
        await queue.DeleteAsync();
        var complaints = resources.Complaints();

        Say(string.Join('\n', complaints));
        Assert.Contains(complaints, said => said.StartsWith("Handles of gateway", StringComparison.Ordinal));
        Assert.Contains(complaints, said => said.StartsWith("Handles of chat", StringComparison.Ordinal));
        Assert.Contains(complaints, said => said.StartsWith("WaitingMessages of", StringComparison.Ordinal));
        Assert.DoesNotContain(complaints, said => said.StartsWith("Handles of wallet", StringComparison.Ordinal));
    }

    /// <summary>The pace that is half of what is done without any.</summary>
    private async Task<TimeSpan> HalfAsync()
    {
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start(pace: TimeSpan.Zero);
        await load.History.RecoverAsync();
        var (from, started) = (load.History.Acknowledged, Stopwatch.GetTimestamp());
        await PassAsync(TimeSpan.FromSeconds(10));
        var all = (load.History.Acknowledged - from) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await load.StopAsync();
        Say($"{all:F0} writes/s by {load.Loops} loops without a pace");
        Figures.Record(Area, "writes a second at full load", $"{all:F0}");
        return TimeSpan.FromSeconds(2 * load.Loops / all);
    }

    private static async Task PassAsync(TimeSpan time, Resources? resources = null)
    {
        var started = Stopwatch.GetTimestamp();
        using var interval = new PeriodicTimer(Interval);
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            await interval.WaitForNextTickAsync();
            await (resources?.SampleAsync() ?? Task.CompletedTask);
        }
    }

    private void Record(Resources resources, int seconds, long acknowledged, int visits, int warnings)
    {
        Figures.Record(Area, "seconds measured; writes a second; hub connections made and ended", $"{seconds}; {(double)acknowledged / seconds:F0}; {visits}");
        foreach (var kind in resources.Trends().GroupBy(one => one.Kind))
        {
            var (_, name, trend) = kind.MaxBy(one => one.Trend.LeastRise);
            Figures.Record(Area, $"{kind.Key}: rises most, beyond noise, in", $"{name}: by {trend.LeastRise:F1} at {trend.Level:F1}");
        }

        Figures.Record(Area, "warnings logged", $"{warnings}");
        foreach (var (kind, name, trend) in resources.Trends().OrderBy(one => one.Kind))
        {
            Say($"{kind} of {name}: {trend.Level:F1}, rises by {trend.Rise:F1}, at least {trend.LeastRise:F1}");
        }
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
