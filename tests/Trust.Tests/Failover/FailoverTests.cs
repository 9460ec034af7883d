using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Failover;

/// <summary>The primary of PostgreSQL dies by SIGKILL while people work, and its standby takes over: what was acknowledged stays, and happened once.</summary>
public sealed class FailoverTests(FailoverSystem system) : IClassFixture<FailoverSystem>
{
    private const string Area = "Failover";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Whenever_the_standby_takes_over_no_acknowledged_write_is_lost_and_none_happens_twice()
    {
        await system.Servers.ReplicateAsync(synchronously: true);
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        await load.History.RecoverAsync();
        var recoveries = new List<Recovery>();

        for (var round = 0; round < Scale.Of(test: 1, shortRun: 2, longRun: 10); round++)
        {
            recoveries.Add(await FailOverAsync(load.History));
            await GoesOnAsync(load.History);
            await system.Servers.RebuildAsync();
            await system.Servers.ReplicateAsync(synchronously: true);
        }

        await load.StopAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
        await system.VerifyWalletsAsync();

        Record(load.History, recoveries, complaints);
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(complaints);
        Assert.True(Figure.Percentile(recoveries.Select(recovery => recovery.Writes), 95) < Promised, string.Join('\n', recoveries));
    }

    [Fact]
    public async Task What_no_standby_has_is_never_acknowledged_however_long_it_takes()
    {
        await system.Servers.ReplicateAsync(synchronously: true);
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start(withNewcomers: false);
        await Eventually.TrueAsync(() => load.History.CountOf(Kind.Transfer) > 20, Timeout);
        system.Servers.Replication.FallSilent();

        // Longer than any statement may take: each was given up, or acknowledged all the same.
        var answers = load.History.Unavailable + load.History.Acknowledged;
        await Eventually.TrueAsync(() => load.History.Unavailable + load.History.Acknowledged > answers + 200, Timeout);
        await system.Servers.Primary.KillAsync();
        await system.Servers.PromoteAsync();
        await load.StopAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
        await RestoreAsync();

        Figures.Record(Area, "standby cut off until statements are given up, then promoted: acknowledged writes lost or doubled", $"{complaints.Count}");
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_an_asynchronous_standby_had_not_received_yet_is_noticed()
    {
        await system.Servers.ReplicateAsync(synchronously: false);
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start(withNewcomers: false);
        await Eventually.TrueAsync(() => load.History.CountOf(Kind.Transfer) > 20, Timeout);
        system.Servers.Replication.FallSilent();
        var transfers = load.History.CountOf(Kind.Transfer);
        await Eventually.TrueAsync(() => load.History.CountOf(Kind.Transfer) > transfers + 20, Timeout);
        await system.Servers.Primary.KillAsync();
        await system.Servers.PromoteAsync();
        await load.StopAsync();
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
        await RestoreAsync();

        Figures.Record(Area, "asynchronous standby instead: acknowledged writes seen to be lost", $"{complaints.Count(complaint => complaint.StartsWith("lost", StringComparison.Ordinal))}");
        Assert.Contains(complaints, said => said.StartsWith("lost: Transfer", StringComparison.Ordinal));
        Assert.Contains(complaints, said => said.StartsWith("points of", StringComparison.Ordinal));
        Assert.DoesNotContain(complaints, said => said.StartsWith("doubled", StringComparison.Ordinal));
    }

    /// <summary>The standby is promoted when the services have seen that nobody takes their writes.</summary>
    /// <returns>How long after the promotion every kind of write succeeded again.</returns>
    private async Task<Recovery> FailOverAsync(History history)
    {
        await system.Servers.Primary.KillAsync();
        var refused = history.Unavailable;
        await Eventually.TrueAsync(() => history.Unavailable > refused + 20, Timeout);
        await system.Servers.PromoteAsync();
        return await history.RecoverAsync();
    }

    /// <summary>Nothing is left of the former primary: no call is refused any more, and what works behind the calls works again.</summary>
    private async Task GoesOnAsync(History history)
    {
        var refused = history.Unavailable;
        foreach (var kind in Enum.GetValues<Kind>())
        {
            var count = history.CountOf(kind);
            await Eventually.TrueAsync(() => history.CountOf(kind) >= count + 20, Timeout);
        }

        Assert.Equal(refused, history.Unavailable);
        await MailIsSentAsync();
        Assert.True(await system.IsTrueAsync(Service.Chat, "SELECT count(*) = 1 FROM chat_instances WHERE expires_at > now()"));
        foreach (var service in Service.WithDatabase)
        {
            using var health = await system[service].Client.GetAsync("/health");
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            await Eventually.TrueAsync(
                () => system.IsTrueAsync(service, "SELECT count(*) = 0 FROM outbox_messages WHERE sent_at IS NULL AND created_at < now() - interval '5 seconds'"));
        }
    }

    private async Task MailIsSentAsync()
    {
        var somebody = await system.RegisterAsync();
        var folder = system.Folder("mail");
        var mails = Directory.GetFiles(folder).Length;
        using var answer = await system.Gateway.PostAsJsonAsync("/api/auth/password/forgot", new { email = somebody.Email });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.TrueAsync(() => Directory.GetFiles(folder).Length > mails, TimeSpan.FromSeconds(10));
    }

    private async Task RestoreAsync()
    {
        await system.Servers.RebuildAsync();
        await system.Servers.ReplicateAsync(synchronously: true);
    }

    private static void Record(History history, List<Recovery> recoveries, IReadOnlyList<string> complaints)
    {
        Figures.Record(Area, "primaries killed, standbys promoted", $"{recoveries.Count}");
        Figures.Record(Area, "writes acknowledged", $"{history.Acknowledged}");
        Figures.Record(Area, "acknowledged writes lost", $"{complaints.Count(complaint => complaint.StartsWith("lost", StringComparison.Ordinal))}");
        Figures.Record(Area, "writes doubled", $"{complaints.Count(complaint => complaint.StartsWith("doubled", StringComparison.Ordinal))}");
        Figures.Record(Area, "answers of 503 with Retry-After", $"{history.Unavailable}");
        Figures.Record(Area, "other answers", $"{history.Violations.Count}");
        Figures.Record(Area, "writes succeed again after the promotion, p95, s", $"{Figure.Percentile(recoveries.Select(recovery => recovery.Writes), 95).TotalSeconds:F1}");
        Figures.Record(Area, "events again after the promotion, at most, s", $"{recoveries.Max(recovery => recovery.Events).TotalSeconds:F1}");
    }
}
