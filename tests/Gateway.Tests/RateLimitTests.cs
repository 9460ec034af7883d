using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

public sealed class RateLimitTests(RateLimitTests.LimitedGateway gateway) : IClassFixture<RateLimitTests.LimitedGateway>
{
    private const int Credentials = 3;
    private const int Refresh = 5;
    private const int Codes = 2;
    private const int PerUser = 6;
    private const int PerAddress = 4;
    private const int Sockets = 2;

    private static int _addresses = 1;

    [Theory]
    [InlineData("/api/auth/register", Credentials)]
    [InlineData("/api/auth/token", Credentials)]
    [InlineData("/api/auth/password/forgot", Codes)]
    [InlineData("/api/auth/password/reset", Codes)]
    [InlineData("/api/auth/token/refresh", Refresh)]
    [InlineData("/api/wallet", PerAddress)]
    [InlineData("/openapi/identity.json", PerAddress)]
    [InlineData("/openapi/wallet.json", PerAddress)]
    [InlineData("/openapi/profile.json", PerAddress)]
    [InlineData("/openapi/jobs.json", PerAddress)]
    [InlineData("/openapi/chat.json", PerAddress)]
    public async Task An_address_may_call_so_often_and_is_told_when_to_come_back(string path, int limit)
    {
        using var client = gateway.From(NewAddress());
        await AllPassAsync(limit, () => client.PostAsync(path, null));

        using var refused = await client.PostAsync(path, null);

        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.InRange(refused.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
    }

    [Theory]
    [InlineData("/api/auth/token", "\"credentials\";q=3;w=60", "\"credentials\";r=")]
    [InlineData("/api/auth/token/refresh", "\"refresh\";q=5;w=60", "\"refresh\";r=")]
    [InlineData("/api/wallet", "\"address\";q=4;w=4", "\"address\";r=")]
    public async Task An_answer_says_what_the_limit_is_and_how_much_of_it_is_left(string path, string policy, string left)
    {
        using var client = gateway.From(NewAddress());
        using var first = await client.PostAsync(path, null);
        using var second = await client.PostAsync(path, null);
        var refused = second;
        while (refused.StatusCode != HttpStatusCode.TooManyRequests)
        {
            refused = await client.PostAsync(path, null);
        }

        Assert.All([first, second, refused], answer => Assert.Equal(policy, Assert.Single(answer.Headers.GetValues("RateLimit-Policy"))));
        Assert.All([first, second, refused], answer => Assert.StartsWith(left, Assert.Single(answer.Headers.GetValues("RateLimit")), StringComparison.Ordinal));
        Assert.Equal(1, LeftOf(first) - LeftOf(second));
        Assert.Equal($"{left}0;t={refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds}", refused.Headers.GetValues("RateLimit").Single());

        static int LeftOf(HttpResponseMessage answer) => int.Parse(answer.Headers.GetValues("RateLimit").Single().Split("r=")[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Where_nothing_is_limited_nothing_is_said()
    {
        using var client = gateway.From(NewAddress());

        using var alive = await client.GetAsync("/alive");

        Assert.False(alive.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task Neither_another_address_nor_another_call_pays_for_it()
    {
        using var client = gateway.From(NewAddress());
        await AllPassAsync(Credentials, () => client.PostAsync("/api/auth/token", null));
        using var neighbour = gateway.From(NewAddress());

        await AllPassAsync(Credentials, () => neighbour.PostAsync("/api/auth/token", null));
        await AllPassAsync(Credentials, () => client.PostAsync("/api/auth/register", null));
    }

    [Fact]
    public async Task Another_spelling_is_the_same_call()
    {
        using var client = gateway.From(NewAddress());
        await AllPassAsync(Credentials, () => client.PostAsync("/api/auth/token", null));

        foreach (var spelling in new[] { "/api/auth/token/", "/api/AUTH/Token", "/api/auth/%74oken", "/api/auth/token?x=1" })
        {
            using var refused = await client.PostAsync(spelling, null);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_forged_forwarded_address_changes_nothing()
    {
        using var client = gateway.From(NewAddress());
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.1");
        await AllPassAsync(Credentials, () => client.PostAsync("/api/auth/token", null));

        client.DefaultRequestHeaders.Remove("X-Forwarded-For");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.2");
        using var refused = await client.PostAsync("/api/auth/token", null);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task A_user_is_limited_wherever_the_calls_come_from_and_nobody_else_is()
    {
        await TokensAreKnownAsync();
        var token = gateway.TokenOf(TestUser.New());
        using var phone = As(token);
        using var tablet = As(token);
        await AllPassAsync(PerUser / 2, () => phone.GetAsync("/api/wallet"));
        await AllPassAsync(PerUser / 2, () => tablet.GetAsync("/api/wallet"));

        using var refused = await phone.GetAsync("/api/wallet");
        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");

        phone.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.TokenOf(TestUser.New()));
        await AllPassAsync(PerUser, () => phone.GetAsync("/api/wallet"));
    }

    [Fact]
    public async Task An_invalid_token_makes_nobody_a_user()
    {
        var address = NewAddress();
        for (var i = 0; i < PerAddress; i++)
        {
            using var client = As(gateway.TokenOf(TestUser.New()) + "x", address);
            await AllPassAsync(1, () => client.GetAsync("/api/wallet"));
        }

        using var another = As(gateway.TokenOf(TestUser.New()) + "x", address);
        using var refused = await another.GetAsync("/api/wallet");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task A_user_holds_so_many_sockets_at_once_and_one_that_ends_makes_room()
    {
        await TokensAreKnownAsync();
        var token = gateway.TokenOf(TestUser.New());
        var sockets = new List<ClientWebSocket>();
        for (var number = 0; number < Sockets; number++)
        {
            sockets.Add(await ConnectAsync(token));
        }

        using var refused = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(HubAddress(token), CancellationToken.None));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.HttpStatusCode);
        Assert.Contains("Retry-After", refused.HttpResponseHeaders!.Keys);

        // Others, and what the same user calls otherwise, are not held up by it.
        sockets.Add(await ConnectAsync(gateway.TokenOf(TestUser.New())));
        using var client = As(token);
        await AllPassAsync(1, () => client.GetAsync("/api/wallet"));

        sockets[0].Abort();
        sockets.Add(await Eventually.GetAsync(async () =>
        {
            try
            {
                return await ConnectAsync(token);
            }
            catch (WebSocketException)
            {
                return null;
            }
        }));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/docs/index.html")]
    public async Task Health_and_pages_have_no_limit(string path)
    {
        using var client = gateway.From(NewAddress());

        await AllPassAsync(20, () => client.GetAsync(path));
    }

    private static string NewAddress() => $"127.1.0.{Interlocked.Increment(ref _addresses)}";

    private static async Task AllPassAsync(int count, Func<Task<HttpResponseMessage>> send)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await send();
            Assert.NotEqual(HttpStatusCode.TooManyRequests, response.StatusCode);
        }
    }

    private Uri HubAddress(string token) => new($"ws://{gateway.Address.Authority}/hubs/chat?access_token={token}");

    private async Task<ClientWebSocket> ConnectAsync(string token)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(HubAddress(token), CancellationToken.None);
        return socket;
    }

    private HttpClient As(string token, string? address = null)
    {
        var client = gateway.From(address ?? NewAddress());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    // The gateway fetches Identity's keys after its start; till then a user counts as an address.
    private Task TokensAreKnownAsync() => Eventually.TrueAsync(async () =>
    {
        using var client = As(gateway.TokenOf(TestUser.New()));
        for (var i = 0; i < PerAddress + 1; i++)
        {
            using var response = await client.GetAsync("/api/wallet");
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return false;
            }
        }

        return true;
    });

    /// <summary>Limits low enough to reach, which do not refill within a test.</summary>
    public sealed class LimitedGateway() : GatewayFixture(
        ("RateLimiting:Credentials:Permits", $"{Credentials}"),
        ("RateLimiting:Refresh:Permits", $"{Refresh}"),
        ("RateLimiting:Codes:Permits", $"{Codes}"),
        ("RateLimiting:Codes:Window", "00:01:00"),
        ("RateLimiting:User:Burst", $"{PerUser}"),
        ("RateLimiting:User:PerSecond", "1"),
        ("RateLimiting:Address:Burst", $"{PerAddress}"),
        ("RateLimiting:Address:PerSecond", "1"),
        ("RateLimiting:Sockets:Concurrent", $"{Sockets}"),
        ("services:identity:http:0", IssuerAddress));
}
