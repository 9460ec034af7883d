using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>What other services say, as documented in docs/events: twice, late, in any order.</summary>
public sealed class EventTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task The_documented_events_are_understood()
    {
        var user = TestUser.New() with { Id = (Guid)EventDocuments.Example("user-created.v1")["userId"]! };

        await host.Environment.Broker.PublishAsync("user-created.v1", EventDocuments.Example("user-created.v1"));
        await host.Environment.Broker.PublishAsync("points-awarded.v1", EventDocuments.Example("points-awarded.v1"));

        await Eventually.TrueAsync(async () => await host.BalanceAsync(user) == 50);
        var award = Assert.Single(await host.TransactionsAsync(user));
        Assert.Equal(("award", "First answer of the week"), ((string?)award["kind"], (string?)award["reason"]));

        await host.Environment.Broker.PublishAsync("user-deleted.v1", EventDocuments.Example("user-deleted.v1"));
        await Eventually.TrueAsync(async () => await host.BalanceAsync(user) is null);
    }

    [Fact]
    public async Task An_award_is_credited_once_however_often_it_comes()
    {
        var user = await host.NewMemberAsync();
        var eventId = Guid.CreateVersion7();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PublishPointsAwardedAsync(user.Id, 10, eventId)));
        await host.PublishPointsAwardedAsync(user.Id, 1);

        await Eventually.TrueAsync(async () => await host.BalanceAsync(user) == 11);
        await QueuesAreEmptyAsync();
        Assert.Equal(11, await host.BalanceAsync(user));
    }

    [Fact]
    public async Task An_award_before_its_user_is_not_lost()
    {
        var user = TestUser.New();

        await host.PublishPointsAwardedAsync(user.Id, 10);
        await Eventually.TrueAsync(async () => await host.BalanceAsync(user) == 10);
        await host.PublishUserCreatedAsync(user.Id);
        await QueuesAreEmptyAsync();

        Assert.Equal(10, await host.BalanceAsync(user));
    }

    [Fact]
    public async Task Who_is_deleted_stays_deleted_whatever_comes_late()
    {
        var known = await host.NewMemberAsync(points: 5);
        var unknown = TestUser.New();

        foreach (var user in new[] { known, unknown })
        {
            await host.PublishUserDeletedAsync(user.Id);
        }

        await Eventually.TrueAsync(async () => await host.BalanceAsync(known) is null);
        await QueuesAreEmptyAsync();
        foreach (var user in new[] { known, unknown })
        {
            await host.PublishUserCreatedAsync(user.Id);
            await host.PublishPointsAwardedAsync(user.Id, 5);
            await host.PublishUserDeletedAsync(user.Id);
        }

        await QueuesAreEmptyAsync();
        Assert.Null(await host.BalanceAsync(known));
        Assert.Null(await host.BalanceAsync(unknown));
        using var transfer = await host.TransferAsync(await host.NewMemberAsync(points: 1), known.Id, 1);
        await transfer.IsProblemAsync(HttpStatusCode.NotFound, "receiver_not_found");
        await host.VerifyAsync();
    }

    [Fact]
    public async Task Events_of_many_users_in_any_order_and_twice_end_the_same()
    {
        var staying = Enumerable.Range(0, 10).Select(_ => TestUser.New()).ToList();
        var leaving = Enumerable.Range(0, 10).Select(_ => TestUser.New()).ToList();
        var events = new List<Func<Task>>();
        foreach (var user in staying.Concat(leaving))
        {
            var awards = new[] { Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7() };
            Func<Task>[] own =
            [
                () => host.PublishUserCreatedAsync(user.Id),
                .. awards.Select(eventId => (Func<Task>)(() => host.PublishPointsAwardedAsync(user.Id, 7, eventId))),
                .. leaving.Contains(user) ? [() => host.PublishUserDeletedAsync(user.Id)] : Array.Empty<Func<Task>>(),
            ];
            events.AddRange([.. own, .. own]);
        }

        var shuffled = events.ToArray();
        Random.Shared.Shuffle(shuffled);
        await Parallel.ForEachAsync(shuffled, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (publish, _) => await publish());

        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(staying.Select(host.BalanceAsync))).All(balance => balance == 21), TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(leaving.Select(host.BalanceAsync))).All(balance => balance is null), TimeSpan.FromSeconds(60));
        await QueuesAreEmptyAsync();
        Assert.All(await Task.WhenAll(staying.Select(host.BalanceAsync)), balance => Assert.Equal(21, balance));
        Assert.All(await Task.WhenAll(leaving.Select(host.BalanceAsync)), Assert.Null);
        Assert.Null(await host.Environment.Broker.MessagesInAsync("wallet-service.points-awarded_error"));
        await host.VerifyAsync();
    }

    [Fact]
    public async Task A_deleted_users_points_go_back_and_nothing_says_whose_the_entries_were()
    {
        var leaving = await host.NewMemberAsync(points: 100);
        var staying = await host.NewMemberAsync(points: 100);
        using var sent = await host.TransferAsync(leaving, staying.Id, 30, "Yours, Ada Lovelace");
        using var received = await host.TransferAsync(staying, leaving.Id, 10, "For Ada Lovelace");
        await using var books = await LedgerTables.OpenAsync(host.Environment.Database.ConnectionString);
        var walletId = await books.ReadAsync<Guid>($"SELECT id FROM points_wallets WHERE user_id = '{leaving.Id}'");

        await host.DeleteAsync(leaving);

        Assert.Equal(120, await host.BalanceAsync(staying));
        var transfers = (await host.TransactionsAsync(staying)).Take(2).ToList();
        Assert.Equal(["transfer_out", "transfer_in"], transfers.Select(transfer => (string?)transfer["kind"]));
        Assert.All(transfers, transfer => Assert.Null(transfer["counterpart_user_id"]));
        Assert.All(transfers, transfer => Assert.Null(transfer["reason"]));
        Assert.Equal(4, await books.ReadAsync<long>($"SELECT count(*) FROM wallet_entries WHERE wallet_id = '{walletId}'"));
        Assert.Equal(0, await books.ReadAsync<long>($"SELECT sum(amount) FROM wallet_entries WHERE wallet_id = '{walletId}'"));
        Assert.Equal(0, await books.ReadAsync<long>($"SELECT count(*) FROM idempotency_keys WHERE user_id = '{leaving.Id}'"));
        await host.VerifyAsync();
    }

    /// <summary>Everything that was published is consumed: later events went through every queue, and nothing waits there for another try.</summary>
    private async Task QueuesAreEmptyAsync()
    {
        var marker = await host.NewMemberAsync();
        await host.PublishPointsAwardedAsync(marker.Id, 1);
        await Eventually.TrueAsync(async () => await host.BalanceAsync(marker) == 1);
        await host.DeleteAsync(marker);
        foreach (var queue in new[] { "user-created", "user-deleted", "points-awarded" })
        {
            await Eventually.TrueAsync(async () => await host.Environment.Broker.MessagesInAsync($"wallet-service.{queue}") == 0, TimeSpan.FromSeconds(60));
        }
    }
}
