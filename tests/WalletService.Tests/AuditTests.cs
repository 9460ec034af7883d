using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Npgsql;

namespace Explaino.WalletService.Tests;

/// <summary>Points that admins or the system give and take are told to the audit log, once each, with what moves.</summary>
public sealed class AuditTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task An_award_and_a_deduction_are_published_as_documented_and_without_their_reasons()
    {
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "action-audited.v1");
        var user = await host.NewMemberAsync();

        using var award = await host.AwardAsync(user.Id, 10, "A secret reason");
        using var deduction = await host.DeductAsync(user.Id, 4, "A secret reason");

        IReadOnlyList<JsonObject> found = [];
        await Eventually.TrueAsync(async () => (found = await events.AllAsync(message => (Guid?)message["subjectId"] == user.Id)).Count == 2);
        var document = EventDocuments.Document("action-audited.v1");
        Assert.All(found, message => Assert.Equal(document["properties"]!.AsObject().Select(member => member.Key).Order(), message.Select(member => member.Key).Order()));
        Assert.Equal(["award", "deduction"], found.Select(message => (string?)message["action"]).Order());
        Assert.All(found, message => Assert.Equal((WalletHost.Admin.Id, "admin", "wallet", "done"), ((Guid)message["actorId"]!, (string?)message["actorKind"], (string?)message["service"], (string?)message["outcome"])));
        Assert.DoesNotContain("secret", string.Concat(found.Select(message => message.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_award_that_is_repeated_at_once_and_later_is_audited_once()
    {
        var user = await host.NewMemberAsync();
        var key = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.AwardAsync(user.Id, 10, key: key)));
        using var later = await host.AwardAsync(user.Id, 10, key: key);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(HttpStatusCode.Created, later.StatusCode);
        Assert.Equal(["award"], await ActionsAboutAsync(user.Id));
    }

    [Fact]
    public async Task What_is_refused_is_not_audited_and_a_transfer_neither()
    {
        var (one, other) = (await host.NewMemberAsync(points: 5), await host.NewMemberAsync());

        using var refused = await host.DeductAsync(one.Id, 6);
        using var transfer = await host.TransferAsync(one, other.Id, 5);

        Assert.Equal(HttpStatusCode.Created, transfer.StatusCode);
        Assert.Equal(["award"], await ActionsAboutAsync(one.Id));
        Assert.Empty(await ActionsAboutAsync(other.Id));
    }

    [Fact]
    public async Task An_award_by_event_is_the_systems_and_audited_once_however_often_it_comes()
    {
        var user = await host.NewMemberAsync();
        var message = EventDocuments.Example("points-awarded.v1");
        (message["eventId"], message["userId"]) = (Guid.CreateVersion7(), user.Id);

        for (var time = 0; time < 3; time++)
        {
            await host.Environment.Broker.PublishAsync("points-awarded.v1", message);
        }

        await Eventually.TrueAsync(async () => (await ActionsAboutAsync(user.Id)).Count > 0 && await host.BalanceAsync(user) > 0);
        await host.Environment.Broker.PublishAsync("points-awarded.v1", Another(message));
        await Eventually.TrueAsync(async () => (await ActionsAboutAsync(user.Id)).Count > 1);
        Assert.Equal(["award", "award"], await ActionsAboutAsync(user.Id));
    }

    [Fact]
    public async Task Where_an_admin_was_goes_with_the_admin_although_the_entry_is_still_under_way()
    {
        var user = await host.NewMemberAsync(points: 1);
        const string Addresses = "FROM outbox_messages WHERE name = 'action-audited.v1' AND payload ->> 'ip' IS NOT NULL AND payload ->> 'subjectId' = ";
        Assert.Equal(["1"], await ReadAsync($"SELECT count(*)::text {Addresses}'{user.Id}'"));
        var message = EventDocuments.Example("user-deleted.v1");
        message["userId"] = WalletHost.Admin.Id;

        await host.Environment.Broker.PublishAsync("user-deleted.v1", message);

        await Eventually.TrueAsync(async () => await ReadAsync($"SELECT count(*)::text {Addresses}'{user.Id}'") is ["0"]);
        Assert.Equal(["award"], await ActionsAboutAsync(user.Id));
    }

    private static JsonObject Another(JsonObject award)
    {
        var other = award.DeepClone().AsObject();
        other["eventId"] = Guid.CreateVersion7();
        return other;
    }

    private Task<IReadOnlyList<string>> ActionsAboutAsync(Guid userId) => ReadAsync(
        $"SELECT payload ->> 'action' FROM outbox_messages WHERE name = 'action-audited.v1' AND payload ->> 'subjectId' = '{userId}' ORDER BY id");

    private async Task<IReadOnlyList<string>> ReadAsync(string query)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.ConnectionString);
        await using var command = database.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
