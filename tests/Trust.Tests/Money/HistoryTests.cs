using System.Diagnostics;
using Explaino.Testing;
using Explaino.Testing.Histories;

namespace Explaino.Trust.Tests.Money;

/// <summary>Whatever clients are told of a wallet while instances are killed, one order of what they did explains it; each asks again under its key until it knows.</summary>
public sealed class HistoryTests(MoneyBench bench) : IClassFixture<MoneyBench>
{
    private const int Clients = 12;
    private const int Wallets = 4;

    private readonly History<Guid, WalletState> _history = new();

    [Fact]
    public async Task Transfers_and_reads_are_linearizable_wallet_by_wallet_while_instances_are_killed()
    {
        var operations = Scale.Of(test: 1_000, shortRun: 20_000, longRun: 200_000);
        var kills = Scale.Of(test: 2, shortRun: 6, longRun: 20);
        var done = 0;

        var clients = Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (_, _) =>
        {
            while (Interlocked.Increment(ref done) <= operations)
            {
                await OperateAsync();
            }
        });
        await bench.KillWhileAsync(kills, operations, () => done);
        await clients;
        var complaints = _history.Complaints(new WalletState(MoneyBench.StartBalance));

        const string Area = "Money";
        Figures.Record(Area, "operations in histories of wallets; instances killed meanwhile", $"{_history.Count}; {kills}");
        Figures.Record(Area, "answers that no order explains", $"{complaints.Count}");
        Assert.Empty(bench.Violations);
        Assert.Empty(complaints);
    }

    private async Task OperateAsync()
    {
        var (from, called) = (Random.Shared.Next(Wallets), Stopwatch.GetTimestamp());
        if (Random.Shared.Next(2) == 0)
        {
            _history.Read(bench.IdOf(from), called, await bench.BalanceAsync(from));
            return;
        }

        var to = (from + Random.Shared.Next(1, Wallets)) % Wallets;
        var amount = Random.Shared.Next(1, MoneyBench.StartBalance);
        _history.Transferred(bench.IdOf(from), bench.IdOf(to), amount, called, await bench.TransferAsync(from, bench.IdOf(to), amount, Guid.CreateVersion7()));
    }
}
