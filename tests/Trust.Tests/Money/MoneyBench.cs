using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;
using Npgsql;

namespace Explaino.Trust.Tests.Money;

/// <summary>Two instances of WalletService, members with points, and every movement that was acknowledged.</summary>
public sealed class MoneyBench(WiredSystem system) : IAsyncLifetime
{
    public const int Members = 32;
    public const int StartBalance = 10_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(15);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 80 }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly TestUser[] _members = [.. Enumerable.Range(0, Members).Select(_ => TestUser.New())];
    private ServiceEnvironment _environment = null!;
    private readonly TestUser _admin = TestUser.Admin();
    private readonly ConcurrentDictionary<TestUser, (string Token, long IssuedAt)> _tokens = new();

    /// <summary>Amounts by idempotency key; the key is the reason too, so that its effects can be counted.</summary>
    internal ConcurrentDictionary<string, int> Acknowledged { get; } = new();

    internal ConcurrentQueue<string> Violations { get; } = new();

    internal List<ServiceProcess> Instances { get; } = [];

    public async ValueTask InitializeAsync()
    {
        _environment = await ServiceEnvironment.CreateAsync(Service.Wallet, system.Postgres, system.RabbitMq);
        Instances.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ServiceProcess.StartAsync(Service.Wallet, _environment.Settings))));
        foreach (var member in _members)
        {
            var created = EventDocuments.Example("user-created.v1");
            created["userId"] = member.Id;
            await _environment.Broker.PublishAsync("user-created.v1", created);
        }

        await Parallel.ForAsync(0, Members, async (member, _) => Assert.True(await AwardAsync(member, StartBalance, Guid.CreateVersion7())));
    }

    public Task<bool> TransferAsync(int from, Guid to, int amount, Guid key, HttpStatusCode? refusal = null) =>
        MoveAsync(_members[from], "/api/wallet/transfers", new { to_user_id = to, amount, reason = key.ToString() }, amount, key, refusal);

    public Task<bool> AwardAsync(int to, int amount, Guid key) =>
        MoveAsync(_admin, $"/api/wallets/{_members[to].Id}/awards", new { amount, reason = key.ToString() }, amount, key, null);

    public Task<bool> DeductAsync(int from, int amount, Guid key) =>
        MoveAsync(_admin, $"/api/wallets/{_members[from].Id}/deductions", new { amount, reason = key.ToString() }, amount, key, null);

    /// <summary>By any instance that answers.</summary>
    public async Task<int> BalanceAsync(int member)
    {
        using var answer = await Eventually.GetAsync(() => TryAsync(_members[member], HttpMethod.Get, "/api/wallet", body: null, key: null), Timeout);
        return (int)(await answer.ReadObjectAsync())["balance"]!;
    }

    /// <summary>Has one instance after the other killed, so often, while something is done up to a number.</summary>
    public async Task KillWhileAsync(int kills, int operations, Func<int> done)
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            var victim = Instances[kill % Instances.Count];
            await Eventually.TrueAsync(() => done() >= (long)operations * kill / (kills + 1), TimeSpan.FromHours(1));
            await victim.KillAsync();
            await victim.StartAsync();
        }
    }

    public Guid IdOf(int member) => _members[member].Id;

    public async Task<NpgsqlConnection> OpenBooksAsync()
    {
        var connection = new NpgsqlConnection(_environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public Task<ServiceVerb> VerifyAsync() => ServiceVerb.RunAsync(Service.Wallet, _environment.Settings, "verify");

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Instances)
        {
            await instance.DisposeAsync();
        }

        _client.Dispose();
        await _environment.DisposeAsync();
    }

    /// <summary>Asks any instance until one answers for good; the same key says that it is the same movement.</summary>
    /// <returns>Whether points moved.</returns>
    private async Task<bool> MoveAsync(TestUser user, string path, object body, int amount, Guid key, HttpStatusCode? refusal)
    {
        var answer = await Eventually.GetAsync(() => TryAsync(user, HttpMethod.Post, path, body, key), Timeout, path);
        using (answer)
        {
            if (answer.StatusCode != HttpStatusCode.Created)
            {
                // Random payers may well be poor.
                if (answer.StatusCode != (refusal ?? HttpStatusCode.Conflict))
                {
                    Violations.Enqueue($"{path} {key}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                }

                return false;
            }

            var transaction = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            if (Math.Abs((int)transaction["amount"]!) != amount || refusal is not null)
            {
                Violations.Enqueue($"{path} {key}: moved {transaction}, not {amount}");
            }

            Acknowledged[key.ToString()] = amount;
            return true;
        }
    }

    /// <summary>Null for what says nothing about the movement: no connection, or 503.</summary>
    private async Task<HttpResponseMessage?> TryAsync(TestUser user, HttpMethod method, string path, object? body, Guid? key)
    {
        var instance = Instances[Random.Shared.Next(Instances.Count)];
        using var request = new HttpRequestMessage(method, new Uri(instance.Address, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(user));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.ToString());
        }

        try
        {
            var response = await _client.SendAsync(request);
            if (response.StatusCode is not HttpStatusCode.ServiceUnavailable
                && !(response.StatusCode is HttpStatusCode.NotFound && path.StartsWith("/api/wallets/", StringComparison.Ordinal)))
            {
                return response;
            }

            response.Dispose();
        }
        catch (HttpRequestException)
        {
            // Killed.
        }

        await Task.Delay(Pause);
        return null;
    }

    private string TokenOf(TestUser user)
    {
        if (!_tokens.TryGetValue(user, out var known) || Stopwatch.GetElapsedTime(known.IssuedAt) > TokenLifetime / 2)
        {
            known = _tokens[user] = (_environment.Issuer.Issue(user, new TokenOptions { Lifetime = TokenLifetime }), Stopwatch.GetTimestamp());
        }

        return known.Token;
    }
}
