using System.Net;
using System.Text;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>Points from one user to another.</summary>
public sealed class TransferTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task Both_sides_have_an_entry()
    {
        var sender = await host.NewMemberAsync(points: 100);
        var receiver = await host.NewMemberAsync();

        using var response = await host.TransferAsync(sender, receiver.Id, 30, "  For the engine  ");

        var sent = await response.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal(
            ["id", "seq", "amount", "balance_after", "kind", "counterpart_user_id", "reason", "created_at"], sent.Select(member => member.Key));
        Assert.Equal((2, -30, 70), ((int)sent["seq"]!, (int)sent["amount"]!, (int)sent["balance_after"]!));
        Assert.Equal(("transfer_out", "For the engine"), ((string?)sent["kind"], (string?)sent["reason"]));
        Assert.Equal(receiver.Id.ToString(), (string?)sent["counterpart_user_id"]);

        var received = Assert.Single(await host.TransactionsAsync(receiver));
        Assert.Equal((1, 30, 30), ((int)received["seq"]!, (int)received["amount"]!, (int)received["balance_after"]!));
        Assert.Equal(("transfer_in", "For the engine"), ((string?)received["kind"], (string?)received["reason"]));
        Assert.Equal(sender.Id.ToString(), (string?)received["counterpart_user_id"]);
        Assert.Equal((70, 30), (await host.BalanceAsync(sender), await host.BalanceAsync(receiver)));
    }

    [Fact]
    public async Task The_location_leads_to_the_transaction()
    {
        var sender = await host.NewMemberAsync(points: 5);
        var receiver = await host.NewMemberAsync();

        using var response = await host.TransferAsync(sender, receiver.Id, 5);

        var sent = await response.ReadObjectAsync(HttpStatusCode.Created);
        var found = await host.As(sender).GetObjectAsync(response.Headers.Location!.OriginalString);
        Assert.Equal(sent.ToJsonString(), found.ToJsonString());
    }

    [Fact]
    public async Task More_than_one_has_is_a_conflict_and_changes_nothing()
    {
        var sender = await host.NewMemberAsync(points: 10);
        var receiver = await host.NewMemberAsync();

        using var response = await host.TransferAsync(sender, receiver.Id, 11);

        await response.IsProblemAsync(HttpStatusCode.Conflict, "insufficient_points");
        Assert.Equal((10, 0), (await host.BalanceAsync(sender), await host.BalanceAsync(receiver)));
        Assert.Single(await host.TransactionsAsync(sender));
    }

    [Fact]
    public async Task Whose_wallet_is_on_its_way_has_no_points_yet()
    {
        var receiver = await host.NewMemberAsync();

        using var response = await host.TransferAsync(TestUser.New(), receiver.Id, 1);

        await response.IsProblemAsync(HttpStatusCode.Conflict, "insufficient_points");
    }

    [Fact]
    public async Task A_full_wallet_takes_no_more()
    {
        var sender = await host.NewMemberAsync(points: 1);
        var receiver = await host.NewMemberAsync();
        await host.FillAsync(receiver);

        using var transfer = await host.TransferAsync(sender, receiver.Id, 1);
        using var award = await host.AwardAsync(receiver.Id, 1);

        await transfer.IsProblemAsync(HttpStatusCode.Conflict, "balance_overflow");
        await award.IsProblemAsync(HttpStatusCode.Conflict, "balance_overflow");
        Assert.Equal(int.MaxValue, await host.BalanceAsync(receiver));
        await host.VerifyAsync();
    }

    [Fact]
    public async Task To_oneself_is_refused()
    {
        var user = await host.NewMemberAsync(points: 10);

        using var response = await host.TransferAsync(user, user.Id, 1);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "to_user_id");
    }

    [Fact]
    public async Task To_somebody_unknown_is_404_with_a_hint_when_to_try_again()
    {
        var user = await host.NewMemberAsync(points: 10);

        using var response = await host.TransferAsync(user, Guid.CreateVersion7(), 1);

        await response.IsProblemAsync(HttpStatusCode.NotFound, "receiver_not_found");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1000001")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    [InlineData("99999999999999999999999999")]
    [InlineData("\"5\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[5]")]
    [InlineData("{}")]
    public async Task An_amount_is_a_whole_number_from_one_to_a_million(string amount)
    {
        using var response = await PostAsync($$"""{"to_user_id":"{{Guid.CreateVersion7()}}","amount":{{amount}}}""");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "amount");
    }

    [Theory]
    [InlineData("\"somebody\"")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task A_receiver_is_a_uuid(string receiver)
    {
        using var response = await PostAsync($$"""{"to_user_id":{{receiver}},"amount":1}""");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "to_user_id");
    }

    [Theory]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("17")]
    public async Task A_reason_is_a_line_of_text(string reason)
    {
        using var response = await PostAsync($$"""{"to_user_id":"{{Guid.CreateVersion7()}}","amount":1,"reason":{{reason}}}""");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "reason");
    }

    [Fact]
    public async Task A_reason_has_200_characters_at_most_and_may_be_blank()
    {
        var sender = await host.NewMemberAsync(points: 10);
        var receiver = await host.NewMemberAsync();

        using var longest = await host.TransferAsync(sender, receiver.Id, 1, new string('é', 200));
        using var tooLong = await host.TransferAsync(sender, receiver.Id, 1, new string('é', 201));
        using var blank = await host.TransferAsync(sender, receiver.Id, 1, "   ");

        Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
        await tooLong.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "reason");
        Assert.Null((await blank.ReadObjectAsync(HttpStatusCode.Created))["reason"]);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        using var response = await PostAsync($$"""{"amount":0,"reason":"{{new string('x', 201)}}"}""");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "to_user_id", "amount", "reason");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"transfer\"")]
    [InlineData("""{"amount":1,"amount":2}""")]
    public async Task A_body_is_one_json_object(string body)
    {
        using var response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Other_media_types_and_huge_bodies_are_refused()
    {
        using var text = await host.PostAsync(TestUser.New(), "/api/wallet/transfers", new StringContent("amount=1"), Guid.CreateVersion7());
        using var huge = await PostAsync($$"""{"reason":"{{new string('x', 1024 * 1024)}}"}""");

        await text.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await huge.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    private Task<HttpResponseMessage> PostAsync(string json) => host.PostAsync(
        TestUser.New(), "/api/wallet/transfers", new StringContent(json, Encoding.UTF8, "application/json"), Guid.CreateVersion7());

    [Fact]
    public async Task Nearly_no_movement_touches_an_index_of_the_wallets()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        await using var own = WalletHost.In(environment, new TestClock());
        await own.InitializeAsync();
        var (sender, receiver) = (await own.NewMemberAsync(points: 100), await own.NewMemberAsync());
        for (var count = 0; count < 30; count++)
        {
            using var sent = await own.TransferAsync(sender, receiver.Id, 1);
        }

        // The server's statistics come a second late.
        await using var tables = await LedgerTables.OpenAsync(environment.Database.SuperuserConnectionString);
        await Eventually.TrueAsync(async () => await tables.ReadAsync<long>("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'points_wallets'") >= 61);
        Assert.InRange(
            await tables.ReadAsync<double>("SELECT n_tup_hot_upd::float8 / n_tup_upd FROM pg_stat_user_tables WHERE relname = 'points_wallets'"), 0.9, 1);
    }
}
