using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>WalletService with members who have points.</summary>
public sealed class WalletHost : ServiceHost<Program>
{
    public static readonly TestUser Admin = TestUser.Admin();

    public WalletHost() : base(Service.Wallet)
    {
    }

    private WalletHost(ServiceEnvironment environment, TestClock? clock, IReadOnlyDictionary<string, string?>? settings) : base(environment, settings, clock)
    {
    }

    /// <summary>For a test that needs an environment, a clock or settings of its own.</summary>
    public static WalletHost In(ServiceEnvironment environment, TestClock? clock = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        new(environment, clock, settings);

    /// <summary>Somebody who registered, and was given points.</summary>
    public async Task<TestUser> NewMemberAsync(int points = 0)
    {
        var user = TestUser.New();
        await PublishUserCreatedAsync(user.Id);
        await HasWalletAsync(user);
        for (var rest = points; rest > 0; rest -= 1_000_000)
        {
            using var answer = await AwardAsync(user.Id, Math.Min(rest, 1_000_000));
            await answer.ReadObjectAsync(HttpStatusCode.Created);
        }

        return user;
    }

    public async Task<IReadOnlyList<TestUser>> NewMembersAsync(int count, int points) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => NewMemberAsync(points)));

    /// <summary>A million at a time would take 2,148 awards: one row is prepared instead, with an entry that explains it.</summary>
    public async Task FillAsync(TestUser user)
    {
        await using var books = await LedgerTables.OpenAsync(Environment.Database.OwnerConnectionString);
        await books.ExecuteAsync(
            $"""
            WITH filled AS (UPDATE points_wallets SET balance = {int.MaxValue}, last_seq = 1 WHERE user_id = '{user.Id}' RETURNING id),
                 t AS (INSERT INTO wallet_transactions (id, kind, created_at) SELECT id, 'award', now() FROM filled RETURNING id)
            INSERT INTO wallet_entries (transaction_id, wallet_id, seq, amount, balance_after)
            SELECT t.id, filled.id, 1, {int.MaxValue}, {int.MaxValue} FROM filled, t
            UNION ALL SELECT t.id, '{Guid.Empty}', NULL, -{int.MaxValue}, NULL FROM t
            """);
    }

    public Task HasWalletAsync(TestUser user) => Eventually.TrueAsync(async () => await BalanceAsync(user) is not null);

    /// <summary>Null without a wallet.</summary>
    public async Task<int?> BalanceAsync(TestUser user)
    {
        using var response = await As(user).GetAsync("/api/wallet");
        return response.StatusCode == HttpStatusCode.NotFound ? null : (int?)(await response.ReadObjectAsync())["balance"];
    }

    public async Task<IReadOnlyList<JsonObject>> TransactionsAsync(TestUser user)
    {
        using var response = await As(user).GetAsync("/api/wallet/transactions?limit=100");
        return await response.ReadItemsAsync();
    }

    public Task<HttpResponseMessage> TransferAsync(TestUser from, Guid to, int amount, string? reason = null, Guid? key = null) =>
        PostAsync(from, "/api/wallet/transfers", new { to_user_id = to, amount, reason }, key ?? Guid.CreateVersion7());

    public Task<HttpResponseMessage> AwardAsync(Guid userId, int amount, string reason = "Well explained", Guid? key = null) =>
        PostAsync(Admin, $"/api/wallets/{userId}/awards", new { amount, reason }, key ?? Guid.CreateVersion7());

    public Task<HttpResponseMessage> DeductAsync(Guid userId, int amount, string reason = "Not explained") =>
        PostAsync(Admin, $"/api/wallets/{userId}/deductions", new { amount, reason }, Guid.CreateVersion7());

    public async Task<HttpResponseMessage> PostAsync(TestUser user, string path, object body, Guid? key, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body as HttpContent ?? JsonContent.Create(body),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.ToString());
        }

        // A body that is refused for its size must not be under way when the connection is closed.
        request.Headers.ExpectContinue = body is HttpContent;
        return await As(user).SendAsync(request, cancellationToken);
    }

    public Task PublishUserCreatedAsync(Guid userId) => PublishAsync("user-created.v1", message => message["userId"] = userId);

    public Task PublishUserDeletedAsync(Guid userId) => PublishAsync("user-deleted.v1", message => message["userId"] = userId);

    public Task PublishPointsAwardedAsync(Guid userId, int amount, Guid? eventId = null, string reason = "First answer of the week") =>
        PublishAsync("points-awarded.v1", message =>
        {
            message["eventId"] = eventId ?? Guid.CreateVersion7();
            message["userId"] = userId;
            message["amount"] = amount;
            message["reason"] = reason;
        });

    public async Task DeleteAsync(TestUser user)
    {
        await PublishUserDeletedAsync(user.Id);
        await Eventually.TrueAsync(async () => await BalanceAsync(user) is null);
    }

    /// <summary>The operator's verb, as a process of its own.</summary>
    public Task<ServiceVerb> RunVerbAsync(params string[] words) => ServiceVerb.RunAsync(Service.Wallet, Environment.Settings, words);

    /// <summary>How many block this person, or are blocked by them.</summary>
    public Task<long> BlocksAsync(TestUser user) => CountAsync($"blocks WHERE is_active AND '{user.Id}' IN (blocker_id, blocked_id)");

    /// <summary>What a new database asks Identity for, once, has come.</summary>
    public Task HasLoadedPeopleAsync() => Eventually.TrueAsync(async () => await CountAsync("initial_loads") == 1);

    private async Task<long> CountAsync(string rows)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand($"SELECT count(*) FROM {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task VerifyAsync()
    {
        var verdict = await RunVerbInProcessAsync("verify");
        Assert.True(verdict.ExitCode == 0, verdict.Output);
        Assert.EndsWith("sum 0: right", verdict.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private Task PublishAsync(string name, Action<JsonObject> change)
    {
        var message = EventDocuments.Example(name);
        change(message);
        return Environment.Broker.PublishAsync(name, message);
    }
}
