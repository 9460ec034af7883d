using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>Points that admins give and take.</summary>
public sealed class AdjustmentTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task An_award_and_a_deduction_are_entries_without_a_counterpart()
    {
        var user = await host.NewMemberAsync();

        using var award = await host.AwardAsync(user.Id, 1_000_000, "Explainer of the year");
        using var deduction = await host.DeductAsync(user.Id, 250_000, "Taxes");

        var awarded = await award.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal((1, 1_000_000, 1_000_000), ((int)awarded["seq"]!, (int)awarded["amount"]!, (int)awarded["balance_after"]!));
        Assert.Equal(("award", "Explainer of the year"), ((string?)awarded["kind"], (string?)awarded["reason"]));
        var deducted = await deduction.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal((2, -250_000, 750_000), ((int)deducted["seq"]!, (int)deducted["amount"]!, (int)deducted["balance_after"]!));
        Assert.Equal(("deduction", "Taxes"), ((string?)deducted["kind"], (string?)deducted["reason"]));
        Assert.All(await host.TransactionsAsync(user), transaction => Assert.Null(transaction["counterpart_user_id"]));
        await host.VerifyAsync();
    }

    [Fact]
    public async Task The_location_leads_an_admin_to_the_transaction()
    {
        var user = await host.NewMemberAsync();

        using var award = await host.AwardAsync(user.Id, 1);

        var awarded = await award.ReadObjectAsync(HttpStatusCode.Created);
        var found = await host.As(WalletHost.Admin).GetObjectAsync(award.Headers.Location!.OriginalString);
        Assert.Equal(awarded.ToJsonString(), found.ToJsonString());
    }

    [Fact]
    public async Task More_than_there_is_cannot_be_taken()
    {
        var user = await host.NewMemberAsync(points: 5);

        using var response = await host.DeductAsync(user.Id, 6);

        await response.IsProblemAsync(HttpStatusCode.Conflict, "insufficient_points");
        Assert.Equal(5, await host.BalanceAsync(user));
    }

    [Fact]
    public async Task Somebody_unknown_has_no_wallet()
    {
        using var award = await host.AwardAsync(Guid.CreateVersion7(), 1);
        using var deduction = await host.DeductAsync(Guid.CreateVersion7(), 1);

        await award.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
        await deduction.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
        Assert.Equal(TimeSpan.FromSeconds(1), award.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("awards")]
    [InlineData("deductions")]
    public async Task An_amount_and_a_reason_are_needed(string call)
    {
        var path = $"/api/wallets/{Guid.CreateVersion7()}/{call}";

        using var nothing = await host.PostAsync(WalletHost.Admin, path, new { }, Guid.CreateVersion7());
        using var wrong = await host.PostAsync(WalletHost.Admin, path, new { amount = 1_000_001, reason = "   " }, Guid.CreateVersion7());
        using var tooLong = await host.PostAsync(WalletHost.Admin, path, new { amount = 1, reason = new string('x', 201) }, Guid.CreateVersion7());

        await nothing.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "amount", "reason");
        await wrong.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "amount", "reason");
        await tooLong.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "reason");
    }
}
