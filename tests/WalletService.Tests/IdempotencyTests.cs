using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>Retries, which must never move points twice.</summary>
public sealed class IdempotencyTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task Fifty_equal_requests_at_once_have_one_effect_and_one_answer()
    {
        var sender = await host.NewMemberAsync(points: 1_000);
        var receiver = await host.NewMemberAsync();
        var key = Guid.CreateVersion7();

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.TransferAsync(sender, receiver.Id, 10, "Once", key)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.Single((await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()))).Distinct());
        Assert.Single(responses.Select(response => response.Headers.Location).Distinct());
        Assert.Single(responses.Select(response => response.Content.Headers.ContentType?.ToString()).Distinct());
        Assert.Equal(49, responses.Count(IsReplayed));
        Assert.Equal((990, 10), (await host.BalanceAsync(sender), await host.BalanceAsync(receiver)));
        await host.VerifyAsync();
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var sender = await host.NewMemberAsync(points: 100);
        var receiver = await host.NewMemberAsync();
        var key = Guid.CreateVersion7();
        using var first = await host.TransferAsync(sender, receiver.Id, 10, key: key);

        using var other = await host.TransferAsync(sender, receiver.Id, 11, key: key);
        using var again = await host.TransferAsync(sender, receiver.Id, 10, key: key);

        await other.IsProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.True(IsReplayed(again));
        Assert.Equal(90, await host.BalanceAsync(sender));
    }

    [Fact]
    public async Task What_was_answered_to_others_is_forgotten_with_the_person_it_names()
    {
        var sender = await host.NewMemberAsync(points: 100);
        var receiver = await host.NewMemberAsync();
        var bystander = await host.NewMemberAsync();
        var (key, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Func<Task<HttpResponseMessage>>[] calls =
        [
            () => host.AwardAsync(receiver.Id, 5, key: key),
            () => host.PostAsync(WalletHost.Admin, $"/api/wallets/{receiver.Id.ToString().ToUpperInvariant()}/deductions", new { amount = 1, reason = "A slip" }, key),
        ];
        using var sent = await host.TransferAsync(sender, receiver.Id, 10, "For Ada", key);
        using var sentToAnother = await host.TransferAsync(sender, bystander.Id, 1, key: kept);
        foreach (var call in calls)
        {
            using var done = await call();
            await done.ReadObjectAsync(HttpStatusCode.Created);
        }

        await host.DeleteAsync(receiver);

        using var sentAgain = await host.TransferAsync(sender, receiver.Id, 10, "For Ada", key);
        using var sentToAnotherAgain = await host.TransferAsync(sender, bystander.Id, 1, key: kept);
        await sentAgain.IsProblemAsync(HttpStatusCode.NotFound, "receiver_not_found");
        foreach (var call in calls)
        {
            using var again = await call();
            await again.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
        }

        Assert.True(IsReplayed(sentToAnotherAgain));
        Assert.Equal(89, await host.BalanceAsync(sender));
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("\"seq\":0,\"balance_after\":-1,")]
    [InlineData("日本 <ß>")]
    public async Task The_answer_is_kept_as_it_was_given_byte_by_byte_and_as_the_wallet_shows_it(string reason)
    {
        var (sender, receiver) = (await host.NewMemberAsync(points: 100), await host.NewMemberAsync());
        // By an instance whose clock is ahead.
        await using var tables = await LedgerTables.OpenAsync(host.Environment.Database.SuperuserConnectionString);
        await tables.ExecuteAsync($"UPDATE points_wallets SET updated_at = now() + interval '3 seconds' WHERE user_id = '{sender.Id}'");
        var key = Guid.CreateVersion7();

        using var first = await host.TransferAsync(sender, receiver.Id, 10, reason, key);
        using var again = await host.TransferAsync(sender, receiver.Id, 10, reason, key);

        Assert.True(IsReplayed(again));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        using var shown = await host.As(sender).GetAsync(first.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await shown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_key_belongs_to_its_user_and_path()
    {
        var one = await host.NewMemberAsync(points: 10);
        var other = await host.NewMemberAsync(points: 10);
        var key = Guid.CreateVersion7();

        using var first = await host.TransferAsync(one, other.Id, 5, key: key);
        using var otherUser = await host.TransferAsync(other, one.Id, 3, key: key);
        using var award = await host.AwardAsync(one.Id, 5, key: key);
        using var otherPath = await host.AwardAsync(other.Id, 5, key: key);

        Assert.All([first, otherUser, award, otherPath], response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.DoesNotContain(true, new[] { first, otherUser, award, otherPath }.Select(IsReplayed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("{019a7c1e-5a00-7000-8000-000000000001}")]
    public async Task A_key_is_needed_and_a_uuid(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/wallet/transfers")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { to_user_id = Guid.CreateVersion7(), amount = 1 }),
        };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var response = await host.As(TestUser.New()).SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var sender = await host.NewMemberAsync();
        var receiver = await host.NewMemberAsync();
        var key = Guid.CreateVersion7();
        using var refused = await host.TransferAsync(sender, receiver.Id, 10, key: key);
        using var award = await host.AwardAsync(sender.Id, 10);

        using var retried = await host.TransferAsync(sender, receiver.Id, 10, key: key);

        await refused.IsProblemAsync(HttpStatusCode.Conflict, "insufficient_points");
        Assert.Equal(HttpStatusCode.Created, retried.StatusCode);
        Assert.False(IsReplayed(retried));
    }

    [Fact]
    public async Task An_answer_is_kept_for_a_day()
    {
        var clock = new TestClock();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        await using var own = WalletHost.In(environment, clock);
        await own.InitializeAsync();
        var sender = await own.NewMemberAsync(points: 10);
        var receiver = await own.NewMemberAsync();
        var key = Guid.CreateVersion7();
        using var first = await own.TransferAsync(sender, receiver.Id, 1, key: key);

        clock.Advance(TimeSpan.FromHours(23));
        using var replayed = await own.TransferAsync(sender, receiver.Id, 1, key: key);
        clock.Advance(TimeSpan.FromHours(2));
        using var anew = await own.TransferAsync(sender, receiver.Id, 2, key: key);

        Assert.True(IsReplayed(replayed));
        Assert.Equal(HttpStatusCode.Created, anew.StatusCode);
        Assert.False(IsReplayed(anew));
        Assert.Equal(7, await own.BalanceAsync(sender));
        await using var other = WalletHost.In(environment, clock);
        await other.InitializeAsync();
        await using var tables = await LedgerTables.OpenAsync(environment.Database.SuperuserConnectionString);
        await Eventually.TrueAsync(async () => await tables.ReadAsync<long>("SELECT count(*) FROM idempotency_keys") == 1);
    }

    [Fact]
    public async Task A_death_in_between_leaves_nothing_or_everything()
    {
        var sender = await host.NewMemberAsync(points: 1_000);
        var receiver = await host.NewMemberAsync();
        var keys = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToList();
        await using var process = await ServiceProcess.StartAsync(Service.Wallet, host.Environment.Settings);

        var dying = keys.Select(key => TryTransferAsync(process.Address, sender, receiver.Id, key)).ToList();
        await Eventually.TrueAsync(async () => await host.BalanceAsync(receiver) > 0);
        await process.KillAsync();
        await Task.WhenAll(dying);

        foreach (var key in keys)
        {
            using var retried = await host.TransferAsync(sender, receiver.Id, 1, "Once", key);
            Assert.Equal(HttpStatusCode.Created, retried.StatusCode);
        }

        Assert.Equal((950, 50), (await host.BalanceAsync(sender), await host.BalanceAsync(receiver)));
        await host.VerifyAsync();
    }

    private static bool IsReplayed(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    private async Task TryTransferAsync(Uri address, TestUser sender, Guid receiverId, Guid key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/api/wallet/transfers"))
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { to_user_id = receiverId, amount = 1, reason = "Once" }),
            Headers = { { "Idempotency-Key", key.ToString() } },
        };
        try
        {
            using var response = await host.As(sender).SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // Whether it happened is what the retry finds out.
        }
    }
}
