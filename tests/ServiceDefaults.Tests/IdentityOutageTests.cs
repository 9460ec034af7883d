using System.Net;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>What a service knows of keys and revoked sessions while Identity is away, and how it hears of the rest.</summary>
public sealed class IdentityOutageTests
{
    [Fact]
    public async Task Keys_that_are_known_go_on_and_what_was_revoked_meanwhile_is_heard_afterwards()
    {
        await using var service = new SampleService();
        await service.InitializeAsync();
        var user = TestUser.New();
        using var client = service.As(service.Issuer.Issue(user));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/me")).StatusCode);
        var (before, asked) = (Warnings(service), KeyQuestions(service));
        service.Issuer.IsUnwell = true;
        // One refresh of the keys, of three tries, and the next one.
        await Eventually.TrueAsync(() => KeyQuestions(service) >= asked + 4);
        service.Issuer.Revoke(user.SessionId);

        using var newcomer = await service.As(service.Issuer.Issue(TestUser.New())).GetAsync("/api/me");
        service.Issuer.IsUnwell = false;

        Assert.Equal(HttpStatusCode.OK, newcomer.StatusCode);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(5));
        Assert.Equal((0, 1), (before, Warnings(service)));
        service.Issuer.IsUnwell = true;
        await Eventually.TrueAsync(() => Warnings(service) == 2);
    }

    [Fact]
    public async Task All_revoked_sessions_are_asked_for_first_and_then_those_since_a_minute_before_the_newest()
    {
        await using var service = new SampleService();
        await service.InitializeAsync();
        service.Issuer.Revoke(Guid.CreateVersion7());
        var newest = TimeProvider.System.GetUtcNow();

        await Eventually.TrueAsync(() => Asked(service).Any(query => query.Length > 0));

        Assert.Equal("", Asked(service)[0]);
        var since = AskedSince(service)[0];
        Assert.InRange(newest - since, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61));
        service.Issuer.Revoke(Guid.CreateVersion7());
        await Eventually.TrueAsync(() => AskedSince(service).Max() > since);
    }

    [Fact]
    public async Task Without_any_key_the_source_is_asked_each_time_and_its_failure_told()
    {
        var source = new Source { Failure = new HttpRequestException("Away") };
        using var keys = new SigningKeys(source, new TestClock());

        await Assert.ThrowsAsync<DependencyUnavailableException>(() => keys.EnsureAsync("known", default));
        source.Failure = null;
        await keys.EnsureAsync("known", default);

        Assert.Equal(2, source.Questions);
        Assert.Single(keys.Find("known"));
        Assert.Empty(keys.Find("unknown"));
    }

    [Fact]
    public async Task With_keys_a_failure_is_silent_and_counts_as_an_answer()
    {
        var (source, clock) = (new Source(), new TestClock());
        using var keys = new SigningKeys(source, clock);
        await keys.EnsureAsync("known", default);
        source.Failure = new HttpRequestException("Away");
        clock.Advance(TimeSpan.FromSeconds(2));

        await keys.EnsureAsync("known", default);
        Assert.Equal(1, source.Questions);
        await keys.EnsureAsync("unknown", default);
        await keys.EnsureAsync("unknown", default);

        Assert.Equal(2, source.Questions);
        Assert.Single(keys.Find("known"));
    }

    [Fact]
    public async Task A_source_that_takes_too_long_is_away_and_a_caller_who_gives_up_is_not_told_so()
    {
        var (source, caller) = (new Source { Failure = new TaskCanceledException() }, new CancellationTokenSource());
        using var keys = new SigningKeys(source, new TestClock());

        await Assert.ThrowsAsync<DependencyUnavailableException>(() => keys.EnsureAsync("known", default));
        source.WhileAsked = caller.Cancel;

        await Assert.ThrowsAsync<TaskCanceledException>(() => keys.EnsureAsync("known", caller.Token));
    }

    [Fact]
    public async Task A_refresh_is_no_answer_to_whoever_has_an_unknown_key_and_a_cancelled_question_neither()
    {
        var (source, clock) = (new Source(), new TestClock());
        using var keys = new SigningKeys(source, clock);
        await keys.RefreshAsync(default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keys.EnsureAsync("unknown", new CancellationToken(canceled: true)));
        await keys.EnsureAsync("unknown", default);

        Assert.Equal(2, source.Questions);
    }

    [Fact]
    public async Task Until_Identity_has_answered_nobody_is_trusted_and_a_session_is_ended_once()
    {
        var (sessions, session, ended) = (new RevokedSessions(new TestClock()), Guid.CreateVersion7(), new List<Guid>());
        sessions.Revoked += ended.Add;
        await Assert.ThrowsAsync<DependencyUnavailableException>(async () => await sessions.IsRevokedAsync(session, Guid.Empty, default));

        sessions.Add(session);
        Assert.Equal([session], ended);
        sessions.Fill([new(session, default)]);

        Assert.True(await sessions.IsRevokedAsync(session, Guid.Empty, default));
        Assert.Equal([session], ended);
    }

    private static int KeyQuestions(SampleService service) => service.Issuer.Questions.Count(question => question.StartsWith("/.well-known/jwks.json", StringComparison.Ordinal));

    private static int Warnings(SampleService service) => service.Log.ToString().Split('\n')
        .Count(line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains($"{nameof(RevokedSessionsFeed)}: ", StringComparison.Ordinal));

    private static List<string> Asked(SampleService service)
    {
        const string path = "/internal/revoked-sessions";
        return [.. service.Issuer.Questions.Where(question => question.StartsWith(path, StringComparison.Ordinal)).Select(question => question[path.Length..])];
    }

    private static List<DateTimeOffset> AskedSince(SampleService service) =>
        [.. Asked(service).Where(query => query.Length > 0).Select(query => DateTimeOffset.Parse(Uri.UnescapeDataString(query["?since=".Length..])))];

    private sealed class Source : ISigningKeySource
    {
        public Exception? Failure { get; set; }

        public Action? WhileAsked { get; set; }

        public int Questions { get; private set; }

        public Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken)
        {
            Questions++;
            WhileAsked?.Invoke();
            return Failure is { } failure ? throw failure : Task.FromResult<IReadOnlyCollection<SecurityKey>>([Key("older"), Key("known")]);
        }

        private static SymmetricSecurityKey Key(string id) => new(new byte[32]) { KeyId = id };
    }
}
