using Explaino.ServiceDefaults.Authentication;
using Explaino.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>A clock that is set, by an operator or a time server, makes nothing last longer or end sooner within a process.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TestClock _clock = new();

    [Fact]
    public async Task An_unknown_key_is_asked_for_a_second_after_the_last_question_and_no_sooner()
    {
        var source = new Source();
        using var keys = new SigningKeys(source, _clock);
        await keys.EnsureAsync("forged", default);
        _clock.SetBy(Hour);
        await keys.EnsureAsync("forged", default);
        Assert.Equal(1, source.Questions);

        _clock.SetBy(-2 * Hour);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await keys.EnsureAsync("forged", default);

        Assert.Equal(2, source.Questions);
    }

    [Fact]
    public async Task A_revoked_session_is_refused_as_long_as_its_tokens_live()
    {
        var (sessions, session) = (new RevokedSessions(_clock), Guid.CreateVersion7());
        _clock.SetBy(Hour);
        sessions.Fill([new(session, TimeProvider.System.GetUtcNow().AddMinutes(16))]);
        _clock.SetBy(-Hour);
        sessions.Fill([]);

        Assert.True(await sessions.IsRevokedAsync(session, Guid.Empty, default));
        _clock.Advance(BearerAuthentication.RevocationLifetime + TimeSpan.FromSeconds(1));
        sessions.Fill([]);
        Assert.False(await sessions.IsRevokedAsync(session, Guid.Empty, default));
    }

    private sealed class Source : ISigningKeySource
    {
        public int Questions { get; private set; }

        public Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken)
        {
            Questions++;
            return Task.FromResult<IReadOnlyCollection<SecurityKey>>([new SymmetricSecurityKey(new byte[32]) { KeyId = "known" }]);
        }
    }
}
