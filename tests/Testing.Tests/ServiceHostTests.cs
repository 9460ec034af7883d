using System.Net;

namespace Explaino.Testing.Tests;

public sealed class WalletHost() : ServiceHost<Program>(Service.Wallet, clock: new TestClock());

public sealed class ServiceHostTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Fact]
    public async Task An_event_document_reaches_the_service_and_its_user_is_let_in()
    {
        var user = TestUser.New();
        var created = EventDocuments.Example("user-created.v1");
        created["userId"] = user.Id;

        await host.Environment.Broker.PublishAsync("user-created.v1", created);

        using var client = host.As(user);
        var wallet = await Eventually.GetAsync(async () =>
        {
            using var response = await client.GetAsync("/api/wallet");
            return response.StatusCode == HttpStatusCode.NotFound ? null : await response.ReadObjectAsync();
        });
        Assert.Equal(user.Id, (Guid?)wallet["user_id"]);
    }

    [Fact]
    public async Task A_refusal_is_a_problem()
    {
        using var client = host.As(TestUser.New());

        using var response = await client.GetAsync("/api/wallet");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
    }

    [Fact]
    public async Task A_good_token_is_accepted()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusForAsync(new TokenOptions()));
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_refused(TokenOptions options)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusForAsync(options));
    }

    public static TheoryData<TokenOptions> BadTokens() =>
    [
        new TokenOptions { Audience = "somebody else" },
        new TokenOptions { Issuer = "http://somebody.else" },
        new TokenOptions { Lifetime = TimeSpan.FromMinutes(-1) },
        new TokenOptions { ForeignKey = true },
        new TokenOptions { Algorithm = "none" },
        new TokenOptions { Algorithm = "HS256" },
    ];

    [Fact]
    public async Task Another_instance_shares_database_and_broker()
    {
        await using var other = new ServiceHost<Program>(host.Environment);
        await other.InitializeAsync();
        using var client = other.As(TestUser.New());

        using var response = await client.GetAsync("/api/wallet");

        await response.IsProblemAsync(HttpStatusCode.NotFound, "wallet_not_found");
        Assert.NotEqual(host.Address, other.Address);
    }

    [Fact]
    public void The_log_is_kept()
    {
        Assert.Contains("Now listening on", host.Log, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> StatusForAsync(TokenOptions options)
    {
        using var client = host.WithToken(host.Environment.Issuer.Issue(TestUser.New(), options));
        using var response = await client.GetAsync("/api/wallet");
        return response.StatusCode;
    }
}
