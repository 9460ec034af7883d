using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class RefreshTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_refresh_token_is_spent_for_a_new_pair_of_the_same_session()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());

        var next = await host.RefreshAsync(login);

        Assert.Equal(login.SessionId, next.SessionId);
        Assert.NotEqual(login.RefreshToken, next.RefreshToken);
        Assert.NotEqual((string?)login.Claims["jti"], (string?)next.Claims["jti"]);
        Assert.True(next.RefreshToken.Length >= 43, "256 bits in base64");
    }

    [Fact]
    public async Task Of_a_hundred_uses_at_once_all_get_the_same_child()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());

        var children = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.RefreshAsync(login)));

        Assert.Single(children.Select(child => child.RefreshToken).Distinct());
        await host.RefreshAsync(children[0]);
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_for_ten_seconds()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        var first = await host.RefreshAsync(login);
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        var again = await host.RefreshAsync(login);

        Assert.Equal(first.RefreshToken, again.RefreshToken);
    }

    [Fact]
    public async Task After_ten_seconds_a_spent_token_ends_the_session_newest_token_included()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        var next = await host.RefreshAsync(login);
        host.Clock.Advance(TimeSpan.FromSeconds(11));

        using var stolen = await host.TryRefreshAsync(login.RefreshToken);

        await stolen.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        await AssertEndedAsync(next);
    }

    [Fact]
    public async Task Once_its_child_is_used_a_spent_token_ends_the_session_at_once()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        var child = await host.RefreshAsync(login);
        var grandchild = await host.RefreshAsync(child);

        using var stolen = await host.TryRefreshAsync(login.RefreshToken);

        await stolen.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        await AssertEndedAsync(grandchild);
    }

    [Fact]
    public async Task A_spent_token_that_comes_back_many_times_at_once_ends_the_session_once()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        var child = await host.RefreshAsync(login);
        var grandchild = await host.RefreshAsync(child);

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(index =>
            host.TryRefreshAsync(index % 2 == 0 ? login.RefreshToken : grandchild.RefreshToken)));

        Assert.DoesNotContain(responses, response => (int)response.StatusCode >= 500);
        await AssertEndedAsync(grandchild);
    }

    [Fact]
    public async Task Thirty_days_after_its_last_use_a_session_is_over()
    {
        var login = await host.LogInAsync(await host.RegisterAsync());
        host.Clock.Advance(TimeSpan.FromDays(29));
        var next = await host.RefreshAsync(login);
        host.Clock.Advance(TimeSpan.FromDays(29));
        var last = await host.RefreshAsync(next);
        host.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));

        using var expired = await host.TryRefreshAsync(last.RefreshToken);

        await expired.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
    }

    public static TheoryData<string> Unknown =>
    [
        "nonsense",
        new string('A', 43),
        new string('A', 501),
        $"{new string('x', 200)}.{new string('y', 4_000)}.{new string('z', 86)}",
        "an access token\nof\0 somebody else 🔑",
    ];

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task An_unknown_token_is_refused_whatever_it_looks_like(string token)
    {
        using var response = await host.TryRefreshAsync(token);

        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_is_required()
    {
        using var response = await host.PostAsync("/api/auth/token/refresh", new { });

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "refresh_token");
    }

    private async Task AssertEndedAsync(Login login)
    {
        using var refreshed = await host.TryRefreshAsync(login.RefreshToken);
        await refreshed.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        using var client = host.As(login);
        using var response = await client.GetAsync("/api/users/me");
        await response.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
