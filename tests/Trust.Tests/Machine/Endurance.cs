using System.Diagnostics;
using Explaino.Testing;
using Explaino.Testing.Metrics;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Machine;

/// <summary>People work while a trouble comes, lasts and goes: nothing acknowledged is lost or doubled, no answer is wrong, and everything comes back by itself.</summary>
internal sealed class Endurance(MachineSystem system)
{
    private const string Area = "Machine";

    // Of the writes; what follows from events may have to wait for a consumer's next attempt.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PromisedForEvents = TimeSpan.FromSeconds(30);

    // A client insists for a minute and a half.
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(Scale.Of(test: 8, shortRun: 12, longRun: 25));
    private static readonly TimeSpan ComesWithin = TimeSpan.FromSeconds(40);

    /// <param name="trouble">What goes wrong.</param>
    /// <param name="withFiles">Whether people upload and read files, too.</param>
    public async Task EndureAsync(Trouble trouble, bool withFiles = false)
    {
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        var files = withFiles ? new FileLoad(load, system.Gateway.BaseAddress!).Start() : null;
        await load.History.RecoverAsync();
        Assert.False(trouble.IsThereAsync is not null && await trouble.IsThereAsync(), $"{trouble.Name}, before it began");

        load.History.ForgetSlowest();
        var (refused, acknowledged) = (load.History.Unavailable, load.History.Acknowledged);
        var (lasted, measured) = await LastAsync(trouble, load.History);
        (refused, acknowledged) = (load.History.Unavailable - refused, load.History.Acknowledged - acknowledged);
        var again = files?.AgainAsync() ?? Task.CompletedTask;
        var recovery = await load.History.RecoverAsync();
        await again;
        var complaints = await ComplaintsAsync(load, files);
        var alerts = await AlertRehearsal.FiringAsync(measured);

        Figures.Record(Area, $"{trouble.Name}, s: lasted / slowest answer / writes / events again", $"{lasted.TotalSeconds:F1} / {load.History.Slowest.TotalSeconds:F1} / {recovery.Writes.TotalSeconds:F1} / {recovery.Events.TotalSeconds:F1}");
        Figures.Record(Area, $"{trouble.Name}: meanwhile acknowledged; 503 with Retry-After; other answers; lost or doubled", $"{acknowledged}; {refused}; {load.History.Violations.Count}; {complaints.Count}");
        Figures.Record(Area, $"{trouble.Name}: alerts if it lasts", $"{string.Join(", ", alerts)}");
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(complaints);
        Assert.True(!trouble.IsMeasured || alerts.Contains(trouble.Alert), $"{trouble.Alert} does not say it, but: {string.Join(", ", alerts)}");
        Assert.True(recovery.Writes < Promised && recovery.Events < PromisedForEvents, $"{recovery}");
    }

    private async Task<IReadOnlyList<string>> ComplaintsAsync(MixedLoad load, FileLoad? files)
    {
        await (files?.StopAsync() ?? Task.CompletedTask);
        await load.StopAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
        await system.VerifyWalletsAsync();
        return files is null ? complaints : [.. complaints, .. await files.ComplaintsAsync()];
    }

    /// <returns>For how long it was there, and what was measured meanwhile.</returns>
    private async Task<(TimeSpan Lasted, IReadOnlyList<IReadOnlyList<Sample>> Measured)> LastAsync(Trouble trouble, History history)
    {
        var refused = history.Unavailable;
        var isThereAsync = trouble.IsThereAsync ?? (() => Task.FromResult(history.Unavailable > refused));
        var began = Stopwatch.GetTimestamp();
        try
        {
            await trouble.BeginAsync();
            await Eventually.TrueAsync(isThereAsync, ComesWithin, $"{trouble.Name} is there");
            system.Metrics.Forget();
            var there = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(there) > Lasts, Lasts + ComesWithin);
            return (Stopwatch.GetElapsedTime(began), system.Metrics.Series());
        }
        finally
        {
            await trouble.EndAsync();
        }
    }
}
