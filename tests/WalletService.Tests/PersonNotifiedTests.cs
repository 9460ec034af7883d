using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>Who gets points is told, as docs/events promises.</summary>
public sealed class PersonNotifiedTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task A_receiver_is_told_of_points_from_others_and_of_awards_once_each_and_a_sender_is_not()
    {
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "person-notified.v1");
        var (sender, receiver) = (await host.NewMemberAsync(points: 50), await host.NewMemberAsync());
        var key = Guid.CreateVersion7();

        using var first = await host.TransferAsync(sender, receiver.Id, 7, key: key);
        using var again = await host.TransferAsync(sender, receiver.Id, 7, key: key);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var told = Assert.Single(await events.AboutAsync(receiver.Id))["message"]!.AsObject();
        Assert.Equal(EventDocuments.Document("person-notified.v1")["properties"]!.AsObject().Select(member => member.Key).Order(), told.Select(member => member.Key).Order());
        Assert.Equal(("points_received", sender.Id, "7"), ((string)told["kind"]!, (Guid)told["actorId"]!, (string)told["params"]!["amount"]!));
        var award = Assert.Single(await events.AboutAsync(sender.Id))["message"]!.AsObject();
        Assert.Null(award["actorId"]);
    }
}
