using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

public sealed class BlockTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Between_two_of_whom_one_blocks_the_other_no_points_move_until_it_is_lifted(bool senderBlocks)
    {
        var (sender, receiver) = (await host.NewMemberAsync(10), await host.NewMemberAsync());
        var (blocker, blocked) = senderBlocks ? (sender, receiver) : (receiver, sender);
        var key = Guid.CreateVersion7();
        using var before = await host.TransferAsync(sender, receiver.Id, 1, key: key);

        await host.Environment.Broker.PublishBlockAsync("user-blocked.v1", blocker.Id, blocked.Id, 1);

        await Eventually.TrueAsync(async () => await host.BlocksAsync(blocker) == 1);
        using var refused = await host.TransferAsync(sender, receiver.Id, 1);
        await refused.IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        using var replayed = await host.TransferAsync(sender, receiver.Id, 1, key: key);
        Assert.Equal(HttpStatusCode.Created, replayed.StatusCode);
        using var award = await host.AwardAsync(receiver.Id, 1);
        Assert.Equal(HttpStatusCode.Created, award.StatusCode);
        Assert.Equal((9, 2), (await host.BalanceAsync(sender), await host.BalanceAsync(receiver)));

        await host.Environment.Broker.PublishBlockAsync("user-unblocked.v1", blocker.Id, blocked.Id, 2);
        await Eventually.TrueAsync(async () => await host.BlocksAsync(blocker) == 0);
        using var moved = await host.TransferAsync(sender, receiver.Id, 1);
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
    }

    [Fact]
    public async Task With_a_deleted_person_blocks_go_and_none_comes_late()
    {
        var (ada, bob) = (await host.NewMemberAsync(), await host.NewMemberAsync());
        await host.Environment.Broker.PublishBlockAsync("user-blocked.v1", ada.Id, bob.Id, 1);
        await Eventually.TrueAsync(async () => await host.BlocksAsync(ada) == 1);

        await host.DeleteAsync(bob);
        await host.Environment.Broker.PublishBlockAsync("user-blocked.v1", ada.Id, bob.Id, 2);
        var eve = await host.NewMemberAsync();
        await host.Environment.Broker.PublishBlockAsync("user-blocked.v1", ada.Id, eve.Id, 3);

        await Eventually.TrueAsync(async () => await host.BlocksAsync(ada) == 1);
    }
}
