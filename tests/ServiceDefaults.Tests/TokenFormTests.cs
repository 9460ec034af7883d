using System.Net;
using System.Text.Json.Nodes;
using Explaino.ServiceDefaults.Authentication;
using Explaino.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>What a token, and where it is shown, must be like: at the edge of each rule, on both sides. Forged ones: tests/Security.Tests/Tokens.</summary>
public sealed class TokenFormTests(SampleService service) : IClassFixture<SampleService>
{
    public static TheoryData<string, long> NearlyTooMuch => new() { { "exp", -1 }, { "nbf", 3 }, { "iat", 50 }, { "exp", 15 * 60 } };

    public static TheoryData<string, long> TooMuch => new() { { "exp", -8 }, { "nbf", 20 }, { "iat", 80 }, { "exp", (15 * 60) + 1 } };

    [Theory]
    [MemberData(nameof(NearlyTooMuch))]
    public async Task Clocks_may_differ_a_little(string claim, long secondsFromNow)
    {
        var client = service.As(Token(claims => claims[claim] = (long)claims["iat"]! + secondsFromNow));

        // Also where it was verified before.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(TooMuch))]
    public Task But_no_more_than_that(string claim, long secondsFromNow) =>
        IsRefusedAsync(Token(claims => claims[claim] = (long)claims["iat"]! + secondsFromNow));

    [Theory]
    [InlineData("sub", null)]
    [InlineData("sub", "\"ada\"")]
    [InlineData("sid", null)]
    [InlineData("sid", "\"phone\"")]
    [InlineData("iat", null)]
    [InlineData("iat", "1.5")]
    [InlineData("iat", "\"now\"")]
    [InlineData("exp", null)]
    [InlineData("aud", null)]
    [InlineData("iss", null)]
    public Task A_claim_that_is_missing_or_means_nothing_is_refused(string claim, string? value) => IsRefusedAsync(Token(claims =>
    {
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = JsonNode.Parse(value);
        }
    }));

    [Theory]
    [InlineData("typ", "\"JWE\"")]
    [InlineData("typ", "\"\"")]
    [InlineData("kid", null)]
    [InlineData("kid", "\"\"")]
    [InlineData("kid", "\"unknown\"")]
    [InlineData("crit", "[]")]
    public Task A_header_that_says_something_else_is_refused(string member, string? value)
    {
        var header = service.Issuer.Header();
        header[member] = value is null ? null : JsonNode.Parse(value);
        return IsRefusedAsync(service.Issuer.Sign(header, service.Issuer.Claims(TestUser.New())));
    }

    [Fact]
    public async Task The_type_that_RFC_9068_names_is_good_too()
    {
        var header = service.Issuer.Header();
        header["typ"] = "at+jwt";

        using var response = await service.As(service.Issuer.Sign(header, service.Issuer.Claims(TestUser.New()))).GetAsync("/api/me");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public Task Padding_is_refused() => IsRefusedAsync($"{Token()}==");

    [Fact]
    public async Task Base64_in_its_other_alphabet_is_refused_even_where_it_is_signed_so()
    {
        var claims = service.Issuer.Claims(TestUser.New());
        claims["name"] = "??????";
        var (good, other) = (service.Issuer.Sign(service.Issuer.Header(), claims), service.Issuer.Sign(service.Issuer.Header(), claims, new TokenOptions { Base64Url = false }));
        Assert.Contains(other.Split('.')[1], digit => digit is '+' or '/');

        await IsRefusedAsync(other);
        using var response = await service.As(good).GetAsync("/api/me");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Bearer {0}", HttpStatusCode.OK)]
    [InlineData("bearer   {0}", HttpStatusCode.OK)]
    [InlineData("{0}", HttpStatusCode.Unauthorized)]
    [InlineData("Basic {0}", HttpStatusCode.Unauthorized)]
    [InlineData("Basic  {0}", HttpStatusCode.Unauthorized)]
    public async Task The_scheme_is_Bearer_in_any_spelling(string header, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.TryAddWithoutValidation("Authorization", header.Replace("{0}", Token(), StringComparison.Ordinal));

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("/hubs/sample", true, HttpStatusCode.NoContent)]
    [InlineData("/hubs/sample", false, HttpStatusCode.Unauthorized)]
    [InlineData("/api/me", true, HttpStatusCode.Unauthorized)]
    public async Task Only_a_hub_takes_the_token_from_the_query(string path, bool isSent, HttpStatusCode expected)
    {
        using var response = await service.Client.GetAsync($"{path}?access_token={(isSent ? Token() : "")}");

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_hub_that_is_sent_both_takes_the_header()
    {
        using var response = await service.As(Token()).GetAsync("/hubs/sample?access_token=nonsense");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task A_token_that_was_good_before_is_looked_at_again_when_the_clock_is_set_to_before_it()
    {
        var clock = new TestClock();
        await using var own = new SampleService { Clock = clock };
        await own.InitializeAsync();
        var claims = own.Issuer.Claims(TestUser.New());
        claims["nbf"] = (long)claims["iat"]!;
        var client = own.As(own.Issuer.Sign(own.Issuer.Header(), claims));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);

        clock.SetBy(TimeSpan.FromMinutes(-1));
        using var early = await client.GetAsync("/api/me");
        clock.SetBy(TimeSpan.FromMinutes(1));
        using var again = await client.GetAsync("/api/me");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (early.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task A_route_that_asks_for_the_session_itself_is_not_asked_for_twice()
    {
        var user = TestUser.New();
        using var client = service.As(service.Issuer.Issue(user));
        service.Issuer.Revoke(user.SessionId);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized);

        using var response = await client.GetAsync("/api/session");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData(true, false, HttpStatusCode.Forbidden)]
    [InlineData(true, true, HttpStatusCode.NoContent)]
    [InlineData(false, false, HttpStatusCode.NoContent)]
    [InlineData(null, false, HttpStatusCode.NoContent)]
    public async Task Whoever_is_unverified_writes_only_where_all_may(bool? isDemanded, bool isVerified, HttpStatusCode expected)
    {
        await using var strict = new SampleService { VerifiedToWrite = isDemanded };
        await strict.InitializeAsync();

        using var response = await strict.As(strict.Issuer.Issue(TestUser.New(), new TokenOptions { EmailVerified = isVerified })).PostAsync("/api/sayings", null);

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            await response.IsProblemAsync(expected, "email_not_verified");
        }
    }

    [Fact]
    public void Outside_of_Development_the_issuer_is_told()
    {
        var (nothing, told) = (new ConfigurationManager(), new ConfigurationManager { ["Authentication:Issuer"] = "https://explaino.example" });
        HostingEnvironment production = new() { EnvironmentName = Environments.Production }, development = new() { EnvironmentName = Environments.Development };

        Assert.Throws<InvalidOperationException>(() => nothing.Issuer(production));
        Assert.Equal("http://localhost:8080", nothing.Issuer(development));
        Assert.All([production, development], environment => Assert.Equal("https://explaino.example", told.Issuer(environment)));
    }

    private string Token(Action<JsonObject>? change = null)
    {
        var claims = service.Issuer.Claims(TestUser.New());
        change?.Invoke(claims);
        return service.Issuer.Sign(service.Issuer.Header(), claims);
    }

    private async Task IsRefusedAsync(string token)
    {
        using var response = await service.As(token).GetAsync("/api/me");

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
