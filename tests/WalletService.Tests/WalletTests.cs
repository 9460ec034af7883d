using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>What people see of their wallets.</summary>
public sealed class WalletTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task Registration_brings_an_empty_wallet()
    {
        var user = await host.NewMemberAsync();

        var wallet = await host.As(user).GetObjectAsync("/api/wallet");

        Assert.Equal(["id", "user_id", "balance", "created_at", "updated_at"], wallet.Select(member => member.Key));
        Assert.Equal(user.Id.ToString(), (string?)wallet["user_id"]);
        Assert.Equal(0, (int?)wallet["balance"]);
        Assert.EndsWith("Z", (string?)wallet["created_at"]);
    }

    [Fact]
    public async Task Before_the_event_there_is_no_wallet_and_a_hint_when_to_ask_again()
    {
        using var response = await host.As(TestUser.New()).GetAsync("/api/wallet/");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Before_the_event_there_are_no_transactions()
    {
        using var award = await host.AwardAsync((await host.NewMemberAsync()).Id, 1);

        Assert.Empty(await host.TransactionsAsync(TestUser.New()));
    }

    [Theory]
    [InlineData("GET", "/api/wallet")]
    [InlineData("GET", "/api/wallet/transactions")]
    [InlineData("POST", "/api/wallet/transfers")]
    [InlineData("GET", "/api/wallets/019a7c1e-5a00-7000-8000-000000000001")]
    [InlineData("POST", "/api/wallets/019a7c1e-5a00-7000-8000-000000000001/awards")]
    [InlineData("POST", "/api/wallets/019a7c1e-5a00-7000-8000-000000000001/deductions")]
    public async Task Nobody_gets_in_without_a_token(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await host.Anonymous().SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/awards")]
    [InlineData("POST", "/deductions")]
    public async Task Other_peoples_wallets_are_for_admins(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), $"/api/wallets/{Guid.CreateVersion7()}{path}");
        using var response = await host.As(TestUser.New()).SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task An_admin_sees_any_wallet()
    {
        var user = await host.NewMemberAsync(points: 7);

        var wallet = await host.As(WalletHost.Admin).GetObjectAsync($"/api/wallets/{user.Id}");
        using var unknown = await host.As(WalletHost.Admin).GetAsync($"/api/wallets/{Guid.CreateVersion7()}");

        Assert.Equal(7, (int?)wallet["balance"]);
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
    }

    [Fact]
    public async Task An_unchanged_wallet_is_304_and_a_changed_one_is_not()
    {
        var user = await host.NewMemberAsync();
        using var client = host.As(user);
        using var first = await client.GetAsync("/api/wallet");
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);

        using var unchanged = await client.GetAsync("/api/wallet");
        using var award = await host.AwardAsync(user.Id, 1);
        using var changed = await client.GetAsync("/api/wallet");

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(1, (int?)(await changed.ReadObjectAsync())["balance"]);
    }

    [Fact]
    public async Task Transactions_come_latest_first_in_pages_that_new_ones_do_not_shift()
    {
        var user = await host.NewMemberAsync();
        for (var amount = 1; amount <= 7; amount++)
        {
            using var award = await host.AwardAsync(user.Id, amount);
        }

        using var client = host.As(user);
        var first = await client.GetObjectAsync("/api/wallet/transactions?limit=3");
        using var meanwhile = await host.AwardAsync(user.Id, 100);
        var second = await client.GetObjectAsync($"/api/wallet/transactions?limit=3&cursor={(string?)first["next_cursor"]}");
        var last = await client.GetObjectAsync($"/api/wallet/transactions?limit=3&cursor={(string?)second["next_cursor"]}");

        Assert.Equal([7, 6, 5], first["items"]!.AsArray().Select(item => (int)item!["seq"]!));
        Assert.Equal([4, 3, 2], second["items"]!.AsArray().Select(item => (int)item!["seq"]!));
        Assert.Equal([1], last["items"]!.AsArray().Select(item => (int)item!["seq"]!));
        Assert.Null(last["next_cursor"]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    public async Task A_bad_page_is_refused(string query, string member)
    {
        var user = await host.NewMemberAsync();

        using var response = await host.As(user).GetAsync($"/api/wallet/transactions?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task A_cursor_is_worth_nothing_to_somebody_else()
    {
        var user = await host.NewMemberAsync();
        var other = await host.NewMemberAsync();
        using var one = await host.AwardAsync(user.Id, 1);
        using var two = await host.AwardAsync(user.Id, 1);
        var page = await host.As(user).GetObjectAsync("/api/wallet/transactions?limit=1");

        using var response = await host.As(other).GetAsync($"/api/wallet/transactions?cursor={(string?)page["next_cursor"]}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
    }

    [Fact]
    public async Task Somebody_elses_transaction_does_not_exist()
    {
        var user = await host.NewMemberAsync();
        using var award = await host.AwardAsync(user.Id, 1);
        var id = (string?)(await award.ReadObjectAsync(HttpStatusCode.Created))["id"];

        using var own = await host.As(user).GetAsync($"/api/wallet/transactions/{id}");
        using var foreign = await host.As(await host.NewMemberAsync()).GetAsync($"/api/wallet/transactions/{id}");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await foreign.IsProblemAsync(HttpStatusCode.NotFound, "transaction_not_found");
    }

    [Fact]
    public async Task The_document_says_what_the_service_does()
    {
        var document = await host.Anonymous().GetObjectAsync("/openapi/v1.json");

        Assert.Equal(
            [
                "/api/wallet", "/api/wallet/transactions", "/api/wallet/transactions/{id}", "/api/wallet/transfers", "/api/wallets/{user_id}",
                "/api/wallets/{user_id}/awards", "/api/wallets/{user_id}/deductions", "/api/wallets/{user_id}/transactions/{id}",
            ],
            document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        Assert.NotEmpty((string)document["info"]!["description"]!);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Where(operation => operation.Value?["responses"] is not null).ToList();
        Assert.Equal(8, operations.Count);
        Assert.All(operations, operation => Assert.All(["operationId", "summary"], member => Assert.NotEmpty((string)operation.Value![member]!)));
        Assert.All(operations, operation => Assert.NotEmpty((string)Assert.Single(operation.Value!["tags"]!.AsArray())!));
    }
}
