using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Machine;

/// <summary>Connections, locks, processors and the broker's disk are short while people work; and the checkers notice what does not heal.</summary>
[Collection(nameof(MachineSystem))]
public sealed class MachineTests(MachineSystem system)
{
    private static readonly IReadOnlyList<string> Roles = [.. Service.WithDatabase.Select(service => service.Database)];

    [Fact]
    public Task Another_client_takes_all_connections_but_two() => new Endurance(system).EndureAsync(new("all connections but two taken away", "ErrorBudgetBurnsFast")
    {
        BeginAsync = () => LeaveConnectionsAsync(2),
        EndAsync = () => LeaveConnectionsAsync(-1),
    });

    [Fact]
    public async Task Another_client_holds_the_tables_until_the_pools_are_used_up()
    {
        await using var locks = new TableLocks(system);

        await new Endurance(system).EndureAsync(new("tables locked until the pools are used up", "DatabaseConnectionsShort")
        {
            BeginAsync = locks.TakeAsync,
            EndAsync = locks.ReleaseAsync,
            IsThereAsync = locks.HoldAWholePoolAsync,
        });
    }

    [Fact]
    public async Task All_processes_have_a_tenth_of_the_processor()
    {
        var processes = ExplainoSystem.All.Select(service => system[service].Id).ToList();
        StarvedProcesses? starved = null;

        await new Endurance(system).EndureAsync(new("10 ms of processor in each 100", "ServiceSlow")
        {
            BeginAsync = () => Task.FromResult(starved = StarvedProcesses.Begin(processes)),
            EndAsync = () =>
            {
                starved?.Dispose();
                return Task.CompletedTask;
            },
            IsThereAsync = () => Task.FromResult(processes.All(StarvedProcesses.IsStopped)),
        });
    }

    [Fact]
    public Task The_brokers_disk_is_full() => new Endurance(system).EndureAsync(new("disk of the broker full", "OutboxStuck")
    {
        BeginAsync = system.RabbitMq.RaiseDiskAlarmAsync,
        EndAsync = system.RabbitMq.EndDiskAlarmAsync,
        IsThereAsync = () => system.IsTrueAsync(
            Service.Identity, "SELECT EXISTS (SELECT FROM outbox_messages WHERE sent_at IS NULL AND created_at < now() - interval '3 seconds')"),
    });

    [Fact]
    public async Task Seeded_a_trouble_that_stays_is_noticed()
    {
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        await load.History.RecoverAsync();

        await LeaveConnectionsAsync(0);
        Task recovery = load.History.RecoverAsync(within: TimeSpan.FromSeconds(10));
        await recovery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await LeaveConnectionsAsync(-1);
        await load.StopAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => recovery);
    }

    [Fact]
    public async Task Seeded_a_file_that_is_gone_is_noticed()
    {
        var load = await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!);
        var files = new FileLoad(load, system.Gateway.BaseAddress!).Start();
        await files.AgainAsync();
        await files.StopAsync();
        var before = await files.ComplaintsAsync();

        var attachments = new DirectoryInfo(Path.Combine(system.FilesFolder, "chat")).GetFiles("*", SearchOption.AllDirectories);
        attachments.MaxBy(file => file.LastWriteTimeUtc)!.Delete();
        var after = await files.ComplaintsAsync();

        Assert.Empty(before);
        Assert.StartsWith("lost: /api/attachments/", Assert.Single(after), StringComparison.Ordinal);
    }

    /// <param name="count">How many of each service's role; -1 for as many as it likes.</param>
    private Task LeaveConnectionsAsync(int count) => system.Postgres.ExecuteAsync(
    [
        .. Roles.Select(role => $"ALTER ROLE {role} CONNECTION LIMIT {count}"),
        $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename IN ('{string.Join("', '", Roles)}') AND {count} >= 0",
    ]);
}
