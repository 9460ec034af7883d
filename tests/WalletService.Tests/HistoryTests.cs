using System.Diagnostics;
using System.Net;
using Explaino.Testing;
using Explaino.Testing.Histories;

namespace Explaino.WalletService.Tests;

/// <summary>What clients of two instances are told of a few wallets is explained by one order of what they did (linearizability), also where they gave up waiting.</summary>
public sealed class HistoryTests(WalletHost host) : IClassFixture<WalletHost>
{
    private const int Clients = 8;
    private const int Points = 100;
    private static readonly int OperationsOfEach = Scale.Of(test: 75, shortRun: 400, longRun: 2_000);

    private readonly History<Guid, WalletState> _history = new();
    private int _unknown;

    [Fact]
    public async Task Transfers_and_reads_of_many_clients_on_two_instances_are_linearizable_wallet_by_wallet()
    {
        await using var other = WalletHost.In(host.Environment);
        await other.InitializeAsync();
        var members = await host.NewMembersAsync(4, Points);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var operation = 0; operation < OperationsOfEach; operation++)
            {
                await OperateAsync((client + operation) % 2 == 0 ? host : other, [.. members]);
            }
        }));
        var complaints = _history.Complaints(new WalletState(Points));

        Figures.Record("Histories", "operations of clients on wallets; of these without an answer", $"{_history.Count}; {_unknown}");
        Figures.Record("Histories", "answers about wallets that no order explains", $"{complaints.Count}");
        Assert.Empty(complaints);
        Assert.InRange(_unknown, 1, 20);
    }

    [Fact]
    public async Task Seeded_a_reader_who_answers_from_memory_is_found()
    {
        var members = await host.NewMembersAsync(2, Points);
        var (remembered, called) = (await ReadAsync(host, members[0]), Stopwatch.GetTimestamp());
        var moved = await TryAsync(host, members[0], members[1], amount: 10, Guid.CreateVersion7(), CancellationToken.None);
        _history.Transferred(members[0].Id, members[1].Id, 10, called, moved);

        _history.Read(members[0].Id, Stopwatch.GetTimestamp(), remembered);

        Assert.Contains($"No order explains: read {Points}", Assert.Single(_history.Complaints(new WalletState(Points))), StringComparison.Ordinal);
    }

    private Task OperateAsync(WalletHost instance, TestUser[] members)
    {
        Random.Shared.Shuffle(members);
        return Random.Shared.Next(2) == 0 ? ReadAsync(instance, members[0]) : TransferAsync(instance, members[0], members[1], Random.Shared.Next(1, Points));
    }

    private async Task<int> ReadAsync(WalletHost instance, TestUser member)
    {
        var called = Stopwatch.GetTimestamp();
        var balance = (await instance.BalanceAsync(member))!.Value;
        _history.Read(member.Id, called, balance);
        return balance;
    }

    /// <summary>Now and then it is given up while it is under way: then it is sent again under its key, by most.</summary>
    private async Task TransferAsync(WalletHost instance, TestUser from, TestUser to, int amount)
    {
        var (called, key) = (Stopwatch.GetTimestamp(), Guid.CreateVersion7());
        using var patience = new CancellationTokenSource(Random.Shared.Next(5) == 0 ? TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10)) : TimeSpan.FromMinutes(1));
        var moved = await TryAsync(instance, from, to, amount, key, patience.Token);
        if (moved is null && (_unknown >= 10 || Random.Shared.Next(4) > 0))
        {
            moved = await TryAsync(instance, from, to, amount, key, CancellationToken.None);
        }

        if (moved is null)
        {
            Interlocked.Increment(ref _unknown);
        }

        _history.Transferred(from.Id, to.Id, amount, called, moved);
    }

    private static async Task<bool?> TryAsync(WalletHost instance, TestUser from, TestUser to, int amount, Guid key, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await instance.PostAsync(from, "/api/wallet/transfers", new { to_user_id = to.Id, amount }, key, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Created)
            {
                await answer.IsProblemAsync(HttpStatusCode.Conflict, "insufficient_points");
            }

            return answer.StatusCode == HttpStatusCode.Created;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
