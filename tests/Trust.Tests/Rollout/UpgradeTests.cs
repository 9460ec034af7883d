using System.Diagnostics;
using Explaino.Testing;
using Explaino.Trust.Tests.Events;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>
/// The last release (<c>deploy/released</c>) and this version side by side: rolled out with its migrations while people work, and taken back on the new tables.
/// No request fails, no answer is wrong (docs/adr/0066).
/// </summary>
public sealed class UpgradeTests(UpgradeSystem system, ITestOutputHelper output) : IClassFixture<UpgradeSystem>
{
    private const string Area = "Upgrade";

    // Two cores carry two instances of everything, and one that starts.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private static readonly Uri Gateways = new("http://gateways");

    private readonly long _started = Stopwatch.GetTimestamp();

    [Fact]
    public async Task An_upgrade_under_load_and_the_way_back_fail_no_request_and_give_no_wrong_answer()
    {
        var forth = await PhaseAsync("upgrade", ExplainoSystem.All, service => service, migrates: true);
        var back = await PhaseAsync("way back", ExplainoSystem.All.Reverse(), system.Released, migrates: false);
        var seenBack = await Readback.ComplaintsAsync(forth.Load, system.Gateway.BaseAddress!);
        Say("read again what was written during the upgrade");

        (int Failed, List<string> Wrong) sum = (forth.Failed.Count + back.Failed.Count, [.. forth.Wrong, .. back.Wrong, .. seenBack]);
        Figures.Record(Area, "instances replaced by the new version; taken back to the last release", $"{ExplainoSystem.All.Count * 2}; {ExplainoSystem.All.Count * 2}");
        Figures.Record(Area, "writes acknowledged meanwhile", $"{forth.Load.History.Acknowledged + back.Load.History.Acknowledged}");
        Figures.Record(Area, "rounds of writes in every service, repeated and read at once", $"{forth.Rounds + back.Rounds}");
        Figures.Record(Area, "requests that failed", $"{sum.Failed}");
        Figures.Record(Area, "answers that were wrong, writes lost or doubled", $"{sum.Wrong.Count}");
        Assert.Empty(forth.Failed.Concat(back.Failed));
        Assert.Empty(sum.Wrong);
    }

    [Fact]
    public async Task A_migration_that_renames_a_column_is_noticed()
    {
        var failed = await SeededAsync(
            "ALTER TABLE job_posts RENAME COLUMN title TO heading",
            "ALTER TABLE job_posts RENAME COLUMN heading TO title",
            (load, _) => load.History.Violations.Concat(Enumerable.Repeat("503", (int)load.History.Unavailable)));

        Assert.Contains(failed, said => said.Contains("/api/jobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_writes_something_else_is_noticed()
    {
        var wrong = await SeededAsync(
            """
            CREATE FUNCTION seeded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := 'Seeded'; RETURN NEW; END $$;
            CREATE TRIGGER seeded BEFORE INSERT ON job_posts FOR EACH ROW EXECUTE FUNCTION seeded();
            """,
            "DROP TRIGGER seeded ON job_posts; DROP FUNCTION seeded()",
            (_, own) => own.Wrong);

        Assert.Contains(wrong, said => said.Contains("title: Seeded", StringComparison.Ordinal));
    }

    /// <summary>Replaces one instance of each of these, then the other one, while people work; reads at the end all that they wrote.</summary>
    private async Task<Phase> PhaseAsync(string name, IEnumerable<Service> services, Func<Service, Service> version, bool migrates)
    {
        using var balancer = new Balancer(system.InstancesOf(Service.Gateway));
        var load = (await MixedLoad.PrepareAsync(Gateways, balancer)).Start(pace: Pace);
        Say($"{name}: people write");
        var own = await OwnWrites.StartAsync(Gateways, balancer, load.History);
        await GoOnAsync(load, own);
        Say($"{name}: everything is written, and read again; slowest answer {load.History.Slowest.TotalSeconds:F1} s");
        foreach (var number in Enumerable.Range(0, 2))
        {
            foreach (var service in services)
            {
                if (migrates && number == 0 && service != Service.Gateway)
                {
                    await system.Databases[service].MigrateAsync(service);
                }

                await ReplaceAsync(system.InstancesOf(service)[number], version(service));
                Say($"{name}: {service.Name} {number} replaced; {load.History.Acknowledged} writes, {own.Rounds} rounds; failed {load.History.Unavailable + load.History.Violations.Count}, wrong {own.Wrong.Count}");
            }

            await GoOnAsync(load, own);
            await HearEachOtherAsync(load);
            Say($"{name}: everything goes on; slowest answer {load.History.Slowest.TotalSeconds:F1} s");
        }

        await Task.WhenAll(load.StopAsync(), own.StopAsync()).WaitAsync(Bound);
        Say($"{name}: nobody writes any more; slowest answer {load.History.Slowest.TotalSeconds:F1} s");
        await ConsumedAsync();
        Say($"{name}: everything is consumed");
        var complaints = await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!);
        Say($"{name}: read what was written");
        List<string> failed = [.. load.History.Violations, .. Enumerable.Repeat("503", (int)load.History.Unavailable)];
        return new(load, own.Rounds, failed, [.. own.Wrong, .. complaints]);
    }

    private static async Task ReplaceAsync(ServiceProcess instance, Service version)
    {
        var code = await instance.StopAsync();
        Assert.True(code == 0, $"{version.Name} ended with {code}:\n{instance.Log}");
        await instance.StartAsync(version);
    }

    /// <summary>Every kind of write was acknowledged once more, what follows from events too, and everything was read back some times.</summary>
    private static async Task GoOnAsync(MixedLoad load, OwnWrites own)
    {
        var rounds = own.Rounds;
        await load.History.RecoverAsync();
        await Eventually.TrueAsync(() => own.Rounds >= rounds + 3, Bound);
    }

    /// <summary>A message sent to either instance reaches a device that is connected to the other.</summary>
    private async Task HearEachOtherAsync(MixedLoad load)
    {
        var instances = system.InstancesOf(Service.Chat);
        await using var here = await HubClient.ConnectAsync(instances[0].Address, load.People[0].Token);
        await using var there = await HubClient.ConnectAsync(instances[1].Address, load.People[1].Token);
        foreach (var (sender, receiver) in ((HubClient, HubClient)[])[(here, there), (there, here)])
        {
            var text = Guid.CreateVersion7().ToString();
            await sender.InvokeAsync("SendMessage", new { chat_id = load.Chats[0], content = text });
            load.Written.Add((Kind.Message, 0, text));
            await receiver.ExpectAsync("MessageReceived", message => (string?)message["content"] == text, TimeSpan.FromSeconds(10));
            Assert.DoesNotContain(receiver.SoFar(), told => (string?)told.Argument["content"] == text);
        }
    }

    /// <summary>No event waits for a consumer any more, nor was one given up.</summary>
    private async Task ConsumedAsync()
    {
        await using var queues = await Queues.OpenAsync(system.Broker);
        await Eventually.TrueAsync(async () => await queues.WaitingAsync() == 0, Bound);
    }

    private async Task<IReadOnlyList<string>> SeededAsync(string statement, string undo, Func<MixedLoad, OwnWrites, IEnumerable<string>> complaints)
    {
        using var balancer = new Balancer(system.InstancesOf(Service.Gateway));
        var load = (await MixedLoad.PrepareAsync(Gateways, balancer)).Start(pace: Pace);
        var own = await OwnWrites.StartAsync(Gateways, balancer, load.History);
        await system.ExecuteAsync(Service.Jobs, statement);
        try
        {
            await Eventually.TrueAsync(() => complaints(load, own).Any(), Bound);
        }
        finally
        {
            await system.ExecuteAsync(Service.Jobs, undo);
            await Task.WhenAll(load.StopAsync(), own.StopAsync()).WaitAsync(Bound);
        }

        return [.. complaints(load, own)];
    }

    private void Say(string what)
    {
        var line = $"{Stopwatch.GetElapsedTime(_started).TotalSeconds:F0} s: {what}";
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }

    private sealed record Phase(MixedLoad Load, int Rounds, IReadOnlyList<string> Failed, IReadOnlyList<string> Wrong);
}
