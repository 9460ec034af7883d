using System.Net;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Who is let in, and who is not.</summary>
public sealed class AccessTokenTests(SampleService service) : IClassFixture<SampleService>
{
    [Fact]
    public async Task A_token_says_who_it_is()
    {
        var user = TestUser.Admin("ada.lovelace");

        var me = await service.As(service.Issuer.Issue(user)).GetObjectAsync("/api/me");

        Assert.Equal(user.Id.ToString(), (string?)me["id"]);
        Assert.Equal(user.SessionId.ToString(), (string?)me["session_id"]);
        Assert.Equal("ada.lovelace", (string?)me["username"]);
        Assert.Equal((true, true), ((bool?)me["is_admin"], (bool?)me["is_verified"]));
        var other = await service.As(service.Issuer.Issue(TestUser.New(), new TokenOptions { EmailVerified = false })).GetObjectAsync("/api/me");
        Assert.Equal((false, false), ((bool?)other["is_admin"], (bool?)other["is_verified"]));
    }

    public static TheoryData<TokenOptions> Bad =>
    [
        new TokenOptions { Algorithm = "none" },
        new TokenOptions { Algorithm = "HS256" },
        new TokenOptions { ForeignKey = true },
        new TokenOptions { Issuer = "https://elsewhere.example" },
        new TokenOptions { Audience = "elsewhere" },
        new TokenOptions { Lifetime = TimeSpan.FromMinutes(-1) },
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_token_is_401_and_ignored_where_none_is_needed(TokenOptions options)
    {
        var client = service.As(service.Issuer.Issue(TestUser.New(), options));

        using var refused = await client.GetAsync("/api/me");
        using var open = await client.GetAsync("/api/things/1");

        await refused.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains(refused.Headers.WwwAuthenticate, header => header.Scheme == "Bearer");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.c2ln")]
    public async Task Nonsense_is_401(string token)
    {
        using var response = await service.As(token).GetAsync("/api/me");

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task No_token_is_401_and_a_user_is_no_admin()
    {
        using var nobody = await service.Client.GetAsync("/api/me");
        using var user = await service.As(service.Issuer.Issue(TestUser.New())).GetAsync("/api/admin");

        await nobody.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await user.IsProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Where_no_token_is_needed_nobody_is_known_by_theirs()
    {
        var caller = await service.As(service.Issuer.Issue(TestUser.New())).GetObjectAsync("/api/things/caller");

        Assert.False((bool)caller["is_known"]!);
    }

    [Fact]
    public async Task With_one_instance_of_Identity_away_the_first_request_is_answered()
    {
        await using var halfAway = new SampleService { IdentityAddress = new Uri("http://127.0.0.1:9"), WithSecondIdentity = true };
        await halfAway.InitializeAsync();

        using var response = await halfAway.As(halfAway.Issuer.Issue(TestUser.New())).GetAsync("/api/me");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_token_that_was_good_before_is_refused_once_it_has_expired()
    {
        var client = service.As(service.Issuer.Issue(TestUser.New(), new TokenOptions { Lifetime = TimeSpan.FromSeconds(1) }));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);

        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_token_that_differs_from_a_good_one_in_anything_is_refused()
    {
        var (mine, other) = (service.Issuer.Issue(TestUser.New()), service.Issuer.Issue(TestUser.Admin("mallory.admin")));
        Assert.Equal(HttpStatusCode.OK, (await service.As(mine).GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.As(other).GetAsync("/api/me")).StatusCode);
        var (parts, others) = (mine.Split('.'), other.Split('.'));

        using var foreignSignature = await service.As($"{parts[0]}.{parts[1]}.{others[2]}").GetAsync("/api/me");
        using var foreignPayload = await service.As($"{parts[0]}.{others[1]}.{parts[2]}").GetAsync("/api/admin");

        await foreignSignature.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await foreignPayload.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_revoked_session_is_refused_within_five_seconds_even_without_a_broker()
    {
        var user = TestUser.New();
        var client = service.As(service.Issuer.Issue(user));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);

        service.Issuer.Revoke(user.SessionId);

        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_service_whose_clock_is_ahead_hears_of_revocations_too()
    {
        var clock = new TestClock();
        clock.Advance(TimeSpan.FromMinutes(5));
        await using var hasty = new SampleService { Clock = clock };
        await hasty.InitializeAsync();
        var (first, second) = (TestUser.New(), TestUser.New());
        foreach (var user in (TestUser[])[first, second])
        {
            var client = hasty.As(hasty.Issuer.Issue(user));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);

            hasty.Issuer.Revoke(user.SessionId);

            await Eventually.TrueAsync(
                async () => (await client.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task A_key_that_is_published_no_more_is_refused_within_ten_seconds()
    {
        await using var own = new SampleService();
        await own.InitializeAsync();
        var client = own.As(own.Issuer.Issue(TestUser.New()));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);

        own.Issuer.ReplaceKey();

        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Without_keys_it_is_503_where_a_token_is_needed_and_nothing_elsewhere()
    {
        var lonely = new SampleService { IdentityAddress = new Uri("http://127.0.0.1:9") };
        await lonely.InitializeAsync();
        try
        {
            var client = lonely.As(lonely.Issuer.Issue(TestUser.New()));

            using var needed = await client.GetAsync("/api/me");
            using var open = await client.GetAsync("/api/things/1");

            await needed.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }
        finally
        {
            await lonely.DisposeAsync();
        }
    }
}
