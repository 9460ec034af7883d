using System.Collections.Concurrent;
using System.Net;

namespace Explaino.WalletService.Tests;

/// <summary>Many at once: no point is made or lost, nobody waits for ever, nothing breaks.</summary>
public sealed class ConcurrencyTests(WalletHost host) : IClassFixture<WalletHost>
{
    private const int Writers = 64;

    /// <summary>A first look; tests/Trust.Tests does it a hundred thousand times, and kills the service meanwhile.</summary>
    [Fact]
    public async Task Random_transfers_by_64_writers_leave_the_books_right()
    {
        const int Transfers = 500;
        const int Points = 500;
        var members = await host.NewMembersAsync(16, Points);
        var clients = members.Select(host.As).ToArray();
        var answers = new ConcurrentBag<HttpStatusCode>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Transfers), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (_, _) =>
        {
            var sender = Random.Shared.Next(members.Count);
            var receiver = (sender + Random.Shared.Next(1, members.Count)) % members.Count;
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/wallet/transfers")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { to_user_id = members[receiver].Id, amount = Random.Shared.Next(1, 300) }),
                Headers = { { "Idempotency-Key", Guid.CreateVersion7().ToString() } },
            };
            using var response = await clients[sender].SendAsync(request, CancellationToken.None);
            answers.Add(response.StatusCode);
        });

        Assert.True(answers.All(answer => answer is HttpStatusCode.Created or HttpStatusCode.Conflict), host.Log);
        Assert.Equal(Transfers, answers.Count);
        Assert.Equal(members.Count * Points, (await Task.WhenAll(members.Select(host.BalanceAsync))).Sum());
        await host.VerifyAsync();
    }

    [Fact]
    public async Task Opposite_transfers_at_once_never_lock_each_other_out()
    {
        var one = await host.NewMemberAsync(points: 1_000);
        var other = await host.NewMemberAsync(points: 1_000);
        var answers = new ConcurrentBag<HttpStatusCode>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (turn, _) =>
        {
            using var response = await (turn % 2 == 0 ? host.TransferAsync(one, other.Id, 1) : host.TransferAsync(other, one.Id, 1));
            answers.Add(response.StatusCode);
        });

        Assert.True(answers.All(answer => answer == HttpStatusCode.Created), host.Log);
        Assert.Equal((1_000, 1_000), (await host.BalanceAsync(one), await host.BalanceAsync(other)));
        await host.VerifyAsync();
    }

    [Fact]
    public async Task Points_are_spent_once_however_many_try()
    {
        var sender = await host.NewMemberAsync(points: 7);
        var receiver = await host.NewMemberAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.TransferAsync(sender, receiver.Id, 1)));

        Assert.Equal(7, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
        Assert.Equal(33, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal((0, 7), (await host.BalanceAsync(sender), await host.BalanceAsync(receiver)));
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], (await host.TransactionsAsync(receiver)).Select(transaction => (int)transaction["seq"]!));
    }

    [Fact]
    public async Task Deletions_in_the_middle_of_transfers_leave_the_books_right()
    {
        var members = await host.NewMembersAsync(8, points: 100);
        var leaving = members.Take(4).ToList();
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentBag<HttpStatusCode>();
        var load = Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var pair = Random.Shared.GetItems([.. members], 2);
                using var response = await host.TransferAsync(pair[0], pair[1].Id, Random.Shared.Next(1, 20), "For you");
                answers.Add(response.StatusCode);
            }
        }));

        foreach (var user in leaving)
        {
            await host.DeleteAsync(user);
        }

        await stop.CancelAsync();
        await load;

        Assert.DoesNotContain(answers, answer => (int)answer >= 500);
        Assert.Contains(HttpStatusCode.Created, answers);
        await host.VerifyAsync();
        foreach (var user in members.Except(leaving))
        {
            Assert.All(
                (await host.TransactionsAsync(user)).Where(transaction => transaction["counterpart_user_id"] is not null),
                transaction => Assert.DoesNotContain(leaving, gone => gone.Id.ToString() == (string?)transaction["counterpart_user_id"]));
        }
    }
}
